package io.coordinator.testing.scenario;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A session's stream that counts its answers and keeps none of them. */
final class CountingReader implements AutoCloseable {
    /** It sends no keep-alives. */
    private static final long LEASE_MILLIS = 300_000;

    private final ManagedChannel channel;
    private final ClientCall<ClientFrame, ServerFrame> call;
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
    private volatile boolean reading = true;

    private CountingReader(ManagedChannel channel) {
        this.channel = channel;
        this.call = channel.newCall(CoordinatorServiceGrpc.getSessionMethod(), CallOptions.DEFAULT);
        call.start(new Counter(), new Metadata());
        call.request(1);
        call.sendMessage(ClientFrame.newBuilder()
                .setHello(RawSession.hello().setLeaseMillis(LEASE_MILLIS))
                .build());
    }

    /** Opens a session. */
    static CountingReader connect(String address) {
        CountingReader reader = new CountingReader(Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .maxInboundMessageSize(16 << 20)
                .build());
        Waiting.get(reader.welcome);
        return reader;
    }

    void send(ClientFrame frame) {
        call.sendMessage(frame);
    }

    /** Takes at most one more frame. */
    void stopReading() {
        reading = false;
    }

    int answers() {
        return answers.get();
    }

    /** The size of the answers. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        call.cancel("the test is over", null);
        channel.shutdownNow();
    }

    private final class Counter extends ClientCall.Listener<ServerFrame> {
        @Override
        public void onMessage(ServerFrame frame) {
            answers.addAndGet(frame.getAnswersCount());
            frame.getAnswersList().forEach(answer -> bytes.addAndGet(answer.getSerializedSize()));
            if (frame.hasWelcome()) {
                welcome.complete(true);
            }
            if (reading) {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            welcome.complete(false);
        }
    }
}
