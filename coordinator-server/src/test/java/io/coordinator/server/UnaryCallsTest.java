package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls without a session whose clients leave them unfinished. */
class UnaryCallsTest {
    private static final Metadata.Key<Error> REFUSAL = ProtoUtils.keyForProto(Error.getDefaultInstance());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** A client that asks but neither ends what it sends, unless told, nor takes any answer. */
    private static final class Hostile implements AutoCloseable {
        private final ManagedChannel channel;
        private final List<ClientCall<?, ?>> calls = new ArrayList<>();
        private final Queue<Status> ended = new ConcurrentLinkedQueue<>();
        private final Queue<Error> refusals = new ConcurrentLinkedQueue<>();

        Hostile(String address) {
            channel = NettyChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .initialFlowControlWindow(1)
                    .build();
        }

        <Q, A> ClientCall<Q, A> begin(MethodDescriptor<Q, A> method) {
            ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
            calls.add(call);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ended.add(status);
                            Error refusal = trailers.get(REFUSAL);
                            if (refusal != null) {
                                refusals.add(refusal);
                            }
                        }
                    },
                    new Metadata());
            return call;
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    private static NodeStatusRequest padded(int bytes) {
        return NodeStatusRequest.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1_000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[bytes]))
                                        .build())
                        .build())
                .build();
    }

    @Test
    @Feature("C-08")
    void messagesThatAreCompleteButNotEndedMakeRoomForEachOther() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.OUTGOING_BYTES_MAX, 8 << 20))
                        .startAll();
                Hostile hostile = new Hostile(nodes.leaderAddress());
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            for (int i = 0; i < 12; i++) {
                hostile.begin(CoordinatorServiceGrpc.getNodeStatusMethod()).sendMessage(padded(2 << 20));
            }
            await().atMost(PATIENCE).until(() -> hostile.refusals.size() >= 8);
            assertThat(hostile.refusals)
                    .allMatch(refusal -> refusal.getCode() == ErrorCode.EBUSY && refusal.getRetryAfterMillis() > 0)
                    .allMatch(refusal -> refusal.getMessage().contains("taken longest"));
            assertThat(client.status().getServing()).isTrue();
            assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
        }
    }

    @Test
    @Feature("C-08")
    void aMessageLargerThanARequestIsRefused() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                Hostile hostile = new Hostile(nodes.leaderAddress())) {
            hostile.begin(CoordinatorServiceGrpc.getNodeStatusMethod()).sendMessage(padded(4 << 20));
            await().atMost(PATIENCE).until(() -> !hostile.refusals.isEmpty());
            assertThat(Objects.requireNonNull(hostile.refusals.peek()).getCode())
                    .isEqualTo(ErrorCode.ETOOLARGE);
        }
    }

    @Test
    @Feature("C-08")
    void aCallThatIsNeverEndedIsToldSo() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.CALLS_MAX, 4))
                        .startAll();
                Hostile hostile = new Hostile(nodes.leaderAddress());
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            hostile.begin(CoordinatorServiceGrpc.getNodeStatusMethod()).sendMessage(padded(1));
            await().atMost(PATIENCE).until(() -> !hostile.refusals.isEmpty());
            assertThat(Objects.requireNonNull(hostile.refusals.peek()).getCode())
                    .isEqualTo(ErrorCode.ETIMEOUT);
            assertThat(client.status().getServing()).as("its place is free").isTrue();
        }
    }
}
