package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.Metrics;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than a node takes: it says so, stays bounded, and goes on. */
class OverloadTest {

    @Test
    void commandsBeyondTheQueueAreShedWithoutAHoleInTheSequence(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.QUEUE_COMMANDS_MAX, 100)
                                .set(Keys.IN_FLIGHT_MAX, 1)
                                .set(Keys.BATCH_COMMANDS_MAX, 10))
                        .startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            for (int burst = 0; burst < 40; burst++) {
                ClientFrame.Builder frame = ClientFrame.newBuilder();
                for (int i = 0; i < 50; i++) {
                    frame.addCommands(client.put("burst", String.valueOf(burst)));
                }
                client.send(frame.build());
            }
            List<Reply> replies = new ArrayList<>();
            while (replies.size() < 2_000) {
                replies.addAll(client.await(f -> f.getRepliesCount() > 0).getRepliesList());
            }
            assertThat(replies.stream().map(Reply::getSeq).sorted().distinct().count())
                    .isEqualTo(2_000);
            List<Reply> shed = replies.stream().filter(Reply::hasError).toList();
            assertThat(shed).isNotEmpty().allSatisfy(reply -> {
                assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.EBUSY);
                assertThat(reply.getError().getRetryAfterMillis()).isPositive();
            });
            assertThat(client.call(client.put("burst", "\"after\"")).hasError()).isFalse();
        }
    }

    @Test
    @Feature("C-08")
    void aFrameHasAsManyCommandsAsASessionMayHaveInFlightAndAsTheSdkSends(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.SESSION_IN_FLIGHT_MAX, 1))
                        .startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.send(puts(client, 1_024));
            int replies = 0;
            while (replies < 1_024) {
                replies += client.await(f -> f.getRepliesCount() > 0).getRepliesCount();
            }
            client.send(puts(client, 1_025));
            Error goodbye = client.goodbye();
            assertThat(goodbye.getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(goodbye.getMessage()).contains("1025", "at most 1024", "another frame");
        }
    }

    private static ClientFrame puts(RawClient client, int count) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int i = 0; i < count; i++) {
            frame.addCommands(client.put("many", "1"));
        }
        return frame.build();
    }

    @Test
    @Feature("G-15")
    void aThousandRefusedCommandsOfOneFrameCostOneLogCommand(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            new Operator(nodes).awaitMembers(List.of("n1"), List.of());
            CoordinatorServer node = nodes.node(nodes.leader());
            long before = Metrics.read(node, "coordinator_proposed_commands_total");
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            for (int i = 0; i < 1_000; i++) {
                frame.addCommands(client.put("", "1"));
            }
            client.send(frame.build());
            List<Reply> replies = new ArrayList<>();
            while (replies.size() < 1_000) {
                replies.addAll(client.await(f -> f.getRepliesCount() > 0).getRepliesList());
            }
            assertThat(replies)
                    .allMatch(reply -> reply.getError().getCode() == ErrorCode.EINVAL)
                    .extracting(Reply::getSeq)
                    .isSorted();
            assertThat(Metrics.read(node, "coordinator_proposed_commands_total"))
                    .isEqualTo(before + 1);
            assertThat(Metrics.read(node, "coordinator_commands_refused_total")).isEqualTo(1_000);
            assertThat(client.call(client.put("burst", "1")).hasError()).isFalse();
        }
    }

    @Test
    @Feature("G-15")
    void aStalledWatcherHoldsUpNobodyAndIsToldWhatItMissed(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.WATCH_RING_CHANGES, 64))
                        .startAll();
                RawClient stalled = RawClient.open(nodes.leaderAddress());
                RawClient writer = RawClient.open(nodes.leaderAddress())) {
            stalled.watch(StartWatch.newBuilder()
                    .setId(1)
                    .setData(DataKind.CACHE)
                    .setNamespace("default")
                    .setPrefix(true)
                    .build());
            stalled.await(f -> f.getWatchesCount() > 0);
            stalled.stopReading();
            ByteString value = ByteString.copyFromUtf8("\"" + "x".repeat(200_000) + "\"");
            for (int i = 0; i < 200; i++) {
                assertThat(writer.call(writer.put("k" + i, value.toStringUtf8()))
                                .hasError())
                        .isFalse();
            }
            stalled.resumeReading();
            WatchUpdate last = lastOf(stalled);
            assertThat(last.getEnded().getCode()).isEqualTo(ErrorCode.ECOMPACTED);
            assertThat(last.getEnded().getOldestRevision()).isGreaterThan(1);
        }
    }

    private static WatchUpdate lastOf(RawClient client) {
        while (true) {
            ServerFrame frame = client.await(f -> f.getWatchesCount() > 0);
            for (WatchUpdate update : frame.getWatchesList()) {
                if (update.hasEnded()) {
                    return update;
                }
            }
        }
    }
}
