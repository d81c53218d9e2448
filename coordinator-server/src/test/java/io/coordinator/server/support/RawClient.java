package io.coordinator.server.support;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client without any cleverness: what is sent is what the test says, and frames come back as they arrived. */
public final class RawClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ManagedChannel channel;
    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
    private final AtomicLong seq = new AtomicLong();
    private final AtomicLong queryId = new AtomicLong();
    private @Nullable ClientCallStreamObserver<ClientFrame> requests;
    private volatile boolean reading = true;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private long session;

    public RawClient(String address) {
        this(address, new Metadata());
    }

    /** @param headers sent with every call */
    public RawClient(String address, Metadata headers) {
        this.channel = NettyChannelBuilder.forTarget(address)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .directExecutor()
                .build();
    }

    /** A connected client with a new session. */
    public static RawClient open(String address) {
        RawClient client = new RawClient(address);
        client.hello(freshHello().build());
        Welcome welcome = client.await(ServerFrame::hasWelcome).getWelcome();
        client.session = welcome.getSessionId();
        return client;
    }

    /** The header that shows a token. */
    public static Metadata bearer(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return headers;
    }

    public static Hello.Builder freshHello() {
        byte[] token = new byte[16];
        new Random().nextBytes(token);
        return Hello.newBuilder()
                .setVersionMin(1)
                .setVersionMax(1)
                .setResumeToken(ByteString.copyFrom(token))
                .setClientName("raw");
    }

    /** Opens a stream with this greeting. */
    public void hello(Hello hello) {
        ended = false;
        CoordinatorServiceGrpc.newStub(channel).session(new Receiver());
        send(ClientFrame.newBuilder().setHello(hello).build());
    }

    public void useSession(long id) {
        session = id;
    }

    public long session() {
        return session;
    }

    public void send(ClientFrame frame) {
        ClientCallStreamObserver<ClientFrame> stream = requests;
        if (stream == null) {
            throw new IllegalStateException("say hello first");
        }
        stream.onNext(frame);
    }

    /** Ends what this client sends on its stream. */
    public void sayNoMore() {
        ClientCallStreamObserver<ClientFrame> stream = requests;
        if (stream != null) {
            stream.onCompleted();
        }
    }

    /** Leaves frames to pile up in the transport, and then on the server. */
    public void stopReading() {
        reading = false;
    }

    public void resumeReading() {
        reading = true;
        ClientCallStreamObserver<ClientFrame> stream = requests;
        if (stream != null) {
            stream.request(1);
        }
    }

    public ManagedChannel channel() {
        return channel;
    }

    public boolean ended() {
        return ended;
    }

    public @Nullable Throwable failure() {
        return failure;
    }

    /** The next frame that satisfies the condition; others before it are dropped. */
    public ServerFrame await(Predicate<ServerFrame> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            ServerFrame frame = poll(deadline - System.nanoTime());
            if (frame == null) {
                throw new AssertionError("no such frame; ended=" + ended + " failure=" + failure);
            }
            if (condition.test(frame)) {
                return frame;
            }
            if (frame.hasGoodbye()) {
                throw new AssertionError("the server said goodbye: " + frame.getGoodbye());
            }
        }
    }

    private @Nullable ServerFrame poll(long nanos) {
        try {
            return frames.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    public Error goodbye() {
        return await(ServerFrame::hasGoodbye).getGoodbye();
    }

    /** A command of this session with the next seq. */
    public Command.Builder command() {
        return Command.newBuilder().setSessionId(session).setSeq(seq.incrementAndGet());
    }

    public void resetSeq(long last) {
        seq.set(last);
    }

    public Command put(String key, String json) {
        return command()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace("default")
                        .setKey(key)
                        .setPut(PutValue.newBuilder().setValue(ByteString.copyFromUtf8(json))))
                .build();
    }

    public Command lock(String name, long waitMillis) {
        return command()
                .setLock(LockCommand.newBuilder()
                        .setNamespace("default")
                        .addNames(name)
                        .setAcquire(AcquireLock.newBuilder().setWaitMillis(waitMillis)))
                .build();
    }

    public Reply call(Command command) {
        send(ClientFrame.newBuilder().addCommands(command).build());
        return await(frame -> frame.getRepliesList().stream().anyMatch(r -> r.getSeq() == command.getSeq()))
                .getRepliesList()
                .stream()
                .filter(r -> r.getSeq() == command.getSeq())
                .findFirst()
                .orElseThrow();
    }

    public Query get(String key, Consistency consistency, long afterSeq) {
        return Query.newBuilder()
                .setId(queryId.incrementAndGet())
                .setConsistency(consistency)
                .setAfterSeq(afterSeq)
                .setCache(CacheQuery.newBuilder()
                        .setNamespace("default")
                        .setKey(key)
                        .setGet(GetValue.getDefaultInstance()))
                .build();
    }

    public Answer ask(Query query) {
        send(ClientFrame.newBuilder().addQueries(query).build());
        return answer(query.getId());
    }

    public Answer answer(long id) {
        return await(frame -> frame.getAnswersList().stream().anyMatch(a -> a.getId() == id)).getAnswersList().stream()
                .filter(a -> a.getId() == id)
                .findFirst()
                .orElseThrow();
    }

    public String read(String key) {
        return ask(get(key, Consistency.LINEARIZABLE, 0))
                .getCache()
                .getGot()
                .getEntry()
                .getValue()
                .toStringUtf8();
    }

    public void keepAlive(long id) {
        send(ClientFrame.newBuilder()
                .setKeepAlive(KeepAlive.newBuilder().setId(id))
                .build());
    }

    public void watch(StartWatch watch) {
        send(ClientFrame.newBuilder().addStartWatches(watch).build());
    }

    public NodeStatusReply status() {
        return CoordinatorServiceGrpc.newBlockingStub(channel).nodeStatus(NodeStatusRequest.getDefaultInstance());
    }

    /** Drops the connection without closing the session. */
    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Receiver implements ClientResponseObserver<ClientFrame, ServerFrame> {
        @Override
        public void beforeStart(ClientCallStreamObserver<ClientFrame> stream) {
            requests = stream;
            stream.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(ServerFrame frame) {
            frames.add(frame);
            ClientCallStreamObserver<ClientFrame> stream = requests;
            if (reading && stream != null) {
                stream.request(1);
            }
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
        }
    }
}
