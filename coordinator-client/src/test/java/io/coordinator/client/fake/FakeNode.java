package io.coordinator.client.fake;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeMembersReply;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A node on a free loopback port that leads unless told otherwise, with faults that a test switches on. */
public final class FakeNode extends CoordinatorServiceGrpc.CoordinatorServiceImplBase implements AutoCloseable {
    private final FakeCluster cluster;
    private final String name;
    private final Server server;
    private final String endpoint;
    private final List<ClientFrame> frames = new CopyOnWriteArrayList<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final List<Stream> waitingStreams = new CopyOnWriteArrayList<>();
    private final FakeTopics topics = new FakeTopics(() -> isSilent());
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Reply> heldReplies = new ArrayList<>();
    private volatile Function<Hello, @Nullable Error> refusal = hello -> null;
    private volatile @Nullable Error refusedCalls;
    private volatile long term = 1;
    /** Untold unless a test says so: watches of tests are at revisions that this cluster does not have. */
    private volatile long revision = -1;

    private volatile Predicate<Command> dropBeforeReply = FakeNode::none;
    private volatile Predicate<Command> dropBeforeApply = FakeNode::none;
    private volatile boolean dropBeforeAnswer;
    private volatile boolean silent;
    private volatile boolean answersKeepAlives = true;
    private volatile boolean hearsKeepAlives;
    private volatile long waitMillis = -1;
    private volatile long commitMillis;
    private volatile boolean holdsReplies;
    private volatile Predicate<Reply> lostReplies = reply -> false;
    private volatile boolean repeatsEvents;
    private volatile boolean holdsEvents;
    private volatile Function<StartWatch, WatchUpdate.@Nullable Builder> watchAnswer = watch -> null;
    private volatile List<String> endpoints = List.of();

    public FakeNode(FakeCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .addTransportFilter(new ServerTransportFilter() {
                        @Override
                        public Attributes transportReady(Attributes attributes) {
                            connections.incrementAndGet();
                            return attributes;
                        }
                    })
                    .maxInboundMessageSize(16 << 20)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        endpoint = "127.0.0.1:" + server.getPort();
    }

    private static boolean none(Command command) {
        return false;
    }

    /** Its address. */
    public String endpoint() {
        return endpoint;
    }

    /** Answers every Hello with a goodbye. */
    public void refuse(ErrorCode code, String leader) {
        refusal = hello -> Error.newBuilder()
                .setCode(code)
                .setMessage("refused by the test")
                .setLeaderAddress(leader)
                .build();
    }

    /** Ends every call without a session as a node does that refuses it. */
    public void refuseCalls(Error error) {
        refusedCalls = error;
    }

    private boolean isRefused(StreamObserver<?> responses) {
        Error error = refusedCalls;
        if (error == null) {
            return false;
        }
        Metadata trailers = new Metadata();
        trailers.put(ProtoUtils.keyForProto(Error.getDefaultInstance()), error);
        responses.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException(trailers));
        return true;
    }

    /** Serves again. */
    public void serve() {
        refusal = hello -> null;
    }

    /** Breaks the stream after the next command that matches was applied, before it is answered. */
    public void dropBeforeReply(Predicate<Command> once) {
        dropBeforeReply = once;
    }

    /** Breaks the stream when the next command that matches arrives, before it is applied. */
    public void dropBeforeApply(Predicate<Command> once) {
        dropBeforeApply = once;
    }

    /** Breaks the stream when the next query arrives, before it is answered. */
    public void dropBeforeAnswer() {
        dropBeforeAnswer = true;
    }

    /** Takes connections, frames and calls, and answers nothing. */
    public void silent(boolean now) {
        silent = now;
    }

    private boolean isSilent() {
        return silent;
    }

    /** Its ephemeral topics. */
    public FakeTopics topics() {
        return topics;
    }

    /** Whether keep-alives are answered. */
    public void answersKeepAlives(boolean now) {
        answersKeepAlives = now;
    }

    /** Whether keep-alives that are not answered are at least said to be heard. */
    public void hearsKeepAlives(boolean now) {
        hearsKeepAlives = now;
    }

    /** How long commits take: replies and proofs of leadership come so much later; the node hears what it is sent. */
    public void commitsTake(long millis) {
        commitMillis = millis;
    }

    /** Tells every Hello that it is heard and is to wait so long, and says no more; a negative number ends that. */
    public void keepsWaiting(long millis) {
        waitMillis = millis;
    }

    /** Lets in those whom {@link #keepsWaiting} holds up. */
    public void admit() {
        waitMillis = -1;
        waitingStreams.forEach(Stream::greetNow);
        waitingStreams.clear();
    }

    /** Keeps replies back until told otherwise. */
    public synchronized void holdReplies(boolean now) {
        holdsReplies = now;
        if (!now) {
            heldReplies.forEach(reply -> streams.forEach(stream ->
                    stream.send(ServerFrame.newBuilder().addReplies(reply).build())));
            heldReplies.clear();
        }
    }

    /** Which replies get lost on their way. */
    public void loseReplies(Predicate<Reply> lost) {
        lostReplies = lost;
    }

    /** Sends each event twice. */
    public void repeatEvents() {
        repeatsEvents = true;
    }

    /** How watches are answered; null starts them at revision 0. */
    public void answerWatches(Function<StartWatch, WatchUpdate.@Nullable Builder> answer) {
        watchAnswer = answer;
    }

    /** Says from now on that it leads this term, with a state of this revision. */
    public void leads(long ofTerm, long withRevision) {
        term = ofTerm;
        revision = withRevision;
    }

    /** What welcomes tell of the cluster's addresses. */
    public void tellEndpoints(List<String> all) {
        endpoints = all;
    }

    /** Breaks every stream without a word. */
    public void dropStreams() {
        streams.forEach(Stream::breakOff);
    }

    /** Ends every stream with a goodbye. */
    public void goodbye(ErrorCode code, String leader) {
        streams.forEach(stream -> stream.goodbye(code, leader));
    }

    /** Sends a frame on every stream. */
    public void send(ServerFrame frame) {
        streams.forEach(stream -> stream.send(frame));
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Frames received so far. */
    public List<ClientFrame> frames() {
        return List.copyOf(frames);
    }

    /** Hellos received so far. */
    public List<Hello> hellos() {
        return frames.stream()
                .filter(ClientFrame::hasHello)
                .map(ClientFrame::getHello)
                .toList();
    }

    /** Commands received so far, repeated ones included. */
    public List<Command> commands() {
        return frames.stream()
                .flatMap(frame -> frame.getCommandsList().stream())
                .toList();
    }

    /** Events stay in the cluster until told otherwise. */
    public void holdEvents(boolean now) {
        holdsEvents = now;
        synchronized (cluster) {
            streams.forEach(Stream::sendEvents);
        }
    }

    /** The session may have been told something. */
    void deliver(long sessionId) {
        for (Stream stream : streams) {
            if (stream.sessionId == sessionId) {
                stream.sendEvents();
            }
        }
    }

    @Override
    public StreamObserver<ClientFrame> session(StreamObserver<ServerFrame> responses) {
        return new Stream(responses);
    }

    @Override
    public StreamObserver<TopicClientFrame> topics(StreamObserver<TopicServerFrame> responses) {
        return topics.open(responses);
    }

    @Override
    public void read(Query request, StreamObserver<Answer> responses) {
        if (silent || isRefused(responses)) {
            return;
        }
        responses.onNext(cluster.answer(request, Long.MAX_VALUE));
        responses.onCompleted();
    }

    @Override
    public void nodeStatus(NodeStatusRequest request, StreamObserver<NodeStatusReply> responses) {
        if (silent) {
            return;
        }
        responses.onNext(NodeStatusReply.newBuilder()
                .setNode(name)
                .setRole(Role.LEADER)
                .setServing(true)
                .build());
        responses.onCompleted();
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipReply> responses) {
        if (silent || isRefused(responses)) {
            return;
        }
        responses.onNext(
                TransferLeadershipReply.newBuilder().setLeader(request.getTo()).build());
        responses.onCompleted();
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersReply> responses) {
        if (silent || isRefused(responses)) {
            return;
        }
        responses.onNext(ChangeMembersReply.getDefaultInstance());
        responses.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Stream implements StreamObserver<ClientFrame> {
        private final StreamObserver<ServerFrame> responses;
        private boolean over;
        private boolean deaf;
        private volatile long sessionId;
        private long sentEvent;
        private volatile Hello hello = Hello.getDefaultInstance();

        Stream(StreamObserver<ServerFrame> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(ClientFrame frame) {
            frames.add(frame);
            deaf |= silent; // What was not heard is missing, so the stream is of no use afterwards.
            if (!deaf) {
                if (frame.hasHello()) {
                    receive(frame.getHello());
                }
                for (Command command : frame.getCommandsList()) {
                    receive(command);
                }
                for (Query query : frame.getQueriesList()) {
                    if (dropBeforeAnswer) {
                        dropBeforeAnswer = false;
                        breakOff();
                    }
                    if (over) {
                        return; // Commands before it may not have been applied.
                    }
                    send(ServerFrame.newBuilder()
                            .addAnswers(cluster.answer(query, cluster.lastSeq(sessionId)))
                            .build());
                }
                if (frame.hasKeepAlive() && answersKeepAlives) {
                    if (commitMillis > 0) {
                        send(ServerFrame.newBuilder()
                                .setHeard(Heard.getDefaultInstance())
                                .build());
                    }
                    afterCommit(() -> send(ServerFrame.newBuilder()
                            .setKeepAlive(KeepAliveReply.newBuilder()
                                    .setId(frame.getKeepAlive().getId())
                                    .setClusterTimeMillis(cluster.timeMillis()))
                            .build()));
                } else if (frame.hasKeepAlive() && hearsKeepAlives) {
                    send(ServerFrame.newBuilder()
                            .setHeard(Heard.getDefaultInstance())
                            .build());
                }

                frame.getStartWatchesList().forEach(this::startWatch);
            }
        }

        private void receive(Hello arrived) {
            hello = arrived;
            if (waitMillis < 0) {
                greetNow();
            } else {
                waitingStreams.add(this);
                send(ServerFrame.newBuilder()
                        .setHeard(Heard.newBuilder().setWaitMillis(waitMillis))
                        .build());
            }
        }

        void greetNow() {
            greet(hello);
        }

        private void greet(Hello hello) {
            Error refused = refusal.apply(hello);
            long session = refused == null ? cluster.attach(FakeNode.this, hello) : 0;
            if (refused != null) {
                sendGoodbye(refused);
            } else if (session == 0) {
                goodbye(ErrorCode.ESESSION, "");
            } else {
                synchronized (cluster) {
                    welcome(session);
                }
            }
        }

        private synchronized void welcome(long session) {
            sessionId = session;
            streams.add(this);
            Welcome.Builder welcome = Welcome.newBuilder()
                    .setVersion(1)
                    .setSessionId(session)
                    .setResumed(hello.getSessionId() != 0)
                    .setLeaseMillis(cluster.leaseMillis())
                    .setClusterTimeMillis(cluster.timeMillis())
                    .setNode(name)
                    .setTerm(term)
                    .setLastSeq(cluster.lastSeq(session))
                    .setMaxRequestBytes(1 << 20)
                    .addAllEndpoints(endpoints);
            if (revision >= 0) {
                welcome.setRevision(revision);
            }
            send(ServerFrame.newBuilder().setWelcome(welcome).build());
            sendEvents();
        }

        private void receive(Command command) {
            if (!over) {
                if (dropBeforeApply.test(command)) {
                    dropBeforeApply = FakeNode::none;
                    breakOff();
                } else {
                    cluster.apply(command, reply -> answer(command, reply));
                }
            }
        }

        private void answer(Command command, Reply reply) {
            if (dropBeforeReply.test(command)) {
                dropBeforeReply = FakeNode::none;
                breakOff();
                return;
            }

            if (lostReplies.test(reply)) {
                return;
            }

            synchronized (FakeNode.this) {
                if (holdsReplies) {
                    heldReplies.add(reply);
                    return;
                }
            }

            afterCommit(() -> send(ServerFrame.newBuilder().addReplies(reply).build()));
        }

        private void afterCommit(Runnable then) {
            if (commitMillis == 0) {
                then.run();
            } else {
                CompletableFuture.delayedExecutor(commitMillis, TimeUnit.MILLISECONDS)
                        .execute(then);
            }
        }

        private void startWatch(StartWatch watch) {
            WatchUpdate.Builder answer = watchAnswer.apply(watch);
            if (answer == null) {
                answer = WatchUpdate.newBuilder().setStarted(true);
            }

            send(ServerFrame.newBuilder()
                    .addWatches(answer.setId(watch.getId()))
                    .build());
        }

        /** What is behind what this stream has sent; within the cluster's lock. */
        synchronized void sendEvents() {
            if (holdsEvents || over) {
                return;
            }
            for (Event event : cluster.pendingEvents(sessionId, sentEvent)) {
                ServerFrame frame = ServerFrame.newBuilder().addEvents(event).build();
                send(frame);
                if (repeatsEvents) {
                    send(frame);
                }
                sentEvent = event.getNumber();
            }
        }

        synchronized void send(ServerFrame frame) {
            if (!over) {
                responses.onNext(frame);
            }
        }

        void goodbye(ErrorCode code, String leader) {
            sendGoodbye(Error.newBuilder()
                    .setCode(code)
                    .setMessage("goodbye from the test")
                    .setLeaderAddress(leader)
                    .build());
        }

        synchronized void sendGoodbye(Error error) {
            if (!over) {
                responses.onNext(ServerFrame.newBuilder().setGoodbye(error).build());
                over = true;
                streams.remove(this);
                responses.onCompleted();
            }
        }

        synchronized void breakOff() {
            if (!over) {
                over = true;
                streams.remove(this);
                responses.onError(Status.UNAVAILABLE
                        .withDescription("broken off by the test")
                        .asRuntimeException());
            }
        }

        @Override
        public synchronized void onError(Throwable error) {
            over = true;
            streams.remove(this);
        }

        @Override
        public synchronized void onCompleted() {
            over = true;
            streams.remove(this);
            responses.onCompleted();
        }
    }
}
