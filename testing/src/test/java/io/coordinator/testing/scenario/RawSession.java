package io.coordinator.testing.scenario;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session's stream by hand: sends any bytes as a frame, without the SDK's care. */
final class RawSession implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ManagedChannel channel;
    private final ClientCall<byte[], ServerFrame> call;
    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    private RawSession(ManagedChannel channel) {
        this.channel = channel;
        MethodDescriptor<ClientFrame, ServerFrame> method = CoordinatorServiceGrpc.getSessionMethod();
        this.call = channel.newCall(
                method.toBuilder(new Bytes(), method.getResponseMarshaller()).build(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ServerFrame frame) {
                        frames.add(frame);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
    }

    static RawSession connect(String address) {
        return new RawSession(Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build());
    }

    /** A Hello that asks for a new session. */
    static Hello.Builder hello() {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        return Hello.newBuilder()
                .setVersionMin(1)
                .setVersionMax(1)
                .setResumeToken(ByteString.copyFrom(secret))
                .setClientName("raw");
    }

    /** Opens a session. */
    Welcome welcome() {
        send(ClientFrame.newBuilder().setHello(hello()).build());
        ServerFrame frame = next();
        while (frame.hasHeard()) { // A node that is busy says that it has heard, and welcomes later.
            frame = next();
        }
        if (!frame.hasWelcome()) {
            throw new AssertionError("not welcome: " + frame);
        }
        return frame.getWelcome();
    }

    void send(ClientFrame frame) {
        send(frame.toByteArray());
    }

    void send(byte[] frame) {
        call.sendMessage(frame);
    }

    /** Sends one command and waits for its reply. */
    Reply ask(Command command) {
        send(ClientFrame.newBuilder().addCommands(command).build());
        ServerFrame frame = next();
        while (frame.getRepliesCount() == 0) {
            if (frame.hasGoodbye()) {
                throw new AssertionError("goodbye instead of a reply: " + frame);
            }
            frame = next();
        }
        return frame.getReplies(0);
    }

    /** The word with which the server ends the stream. */
    Error goodbye() {
        ServerFrame frame = next();
        while (!frame.hasGoodbye()) {
            frame = next();
        }
        return frame.getGoodbye();
    }

    /** How the stream ended. */
    Status end() {
        return Waiting.get(end);
    }

    private ServerFrame next() {
        try {
            ServerFrame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError(
                        "no frame; the stream " + (end.isDone() ? "ended: " + end.join() : "is silent"));
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        call.cancel("the test is over", null);
        channel.shutdownNow();
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte @Nullable [] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
