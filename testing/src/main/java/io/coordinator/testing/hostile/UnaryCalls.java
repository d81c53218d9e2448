package io.coordinator.testing.hostile;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.StopNodeRequest;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The calls of the service that need no session, as a hostile client makes them. */
final class UnaryCalls {
    private static final long DEADLINE_SECONDS = 5;

    private UnaryCalls() {}

    static Behaviour behaviour(int count) {
        return Behaviour.of("unary", arena -> {
            ManagedChannel channel = arena.channel();
            try {
                for (int i = 0; i < count && arena.goesOn(); i++) {
                    call(arena, channel);
                }
            } finally {
                channel.shutdownNow();
            }
        });
    }

    private static void call(Arena arena, ManagedChannel channel) throws IOException {
        CoordinatorServiceGrpc.CoordinatorServiceBlockingStub stub =
                CoordinatorServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        Style style = arena.random().nextBoolean() ? Style.PLAUSIBLE : Style.WILD;
        try {
            switch (arena.random().nextInt(10)) {
                case 0 ->
                    arena.count("status of "
                            + stub.nodeStatus(NodeStatusRequest.getDefaultInstance())
                                    .getRole());
                case 1 ->
                    arena.count("transfer "
                            + stub.transferLeadership(TransferLeadershipRequest.newBuilder()
                                            .setTo("nobody")
                                            .build())
                                    .getError()
                                    .getCode());
                case 2 ->
                    arena.count("upgrade "
                            + stub.finalizeUpgrade(FinalizeUpgradeRequest.newBuilder()
                                            .setDryRun(true)
                                            .setAskedBy("nobody")
                                            .build())
                                    .getError()
                                    .getCode());
                case 3 ->
                    arena.count("stop "
                            + stub.stopNode(StopNodeRequest.newBuilder()
                                            .setNode("nobody")
                                            .build())
                                    .getError()
                                    .getCode());
                default ->
                    arena.count("read "
                            + stub.read(Query.parseFrom(arena.messages().next(Query.getDescriptor(), style)))
                                    .getOutcomeCase());
            }
        } catch (InvalidProtocolBufferException e) {
            arena.count("unparsable");
        }
    }
}
