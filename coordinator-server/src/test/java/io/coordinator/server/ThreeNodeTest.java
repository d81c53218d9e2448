package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreeNodeTest {

    @Test
    @Feature({"S-32", "G-5"})
    void aSessionIsResumedOnTheNextLeaderAndARepeatedCommandGetsItsFirstReply(@TempDir Path directory)
            throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll();
                RawClient before = new RawClient(nodes.leaderAddress())) {
            Hello hello = RawClient.freshHello().build();
            before.hello(hello);
            long session = before.await(ServerFrame::hasWelcome).getWelcome().getSessionId();
            before.useSession(session);
            var lock = before.lock("l", 0);
            Reply first = before.call(lock);
            assertThat(first.getLock().hasGranted()).isTrue();

            nodes.kill(nodes.leader());
            try (RawClient after = new RawClient(nodes.leaderAddress())) {
                after.hello(hello.toBuilder().setSessionId(session).build());
                ServerFrame welcome = after.await(ServerFrame::hasWelcome);
                assertThat(welcome.getWelcome().getResumed()).isTrue();
                assertThat(welcome.getWelcome().getLastSeq()).isEqualTo(1);
                assertThat(after.call(lock)).isEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Feature("C-51")
    void nodesThatAllMovedToOtherPeerPortsFindEachOtherAndTheirData(boolean gracefully, @TempDir Path directory)
            throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            for (String node : nodes.names()) {
                if (gracefully) {
                    nodes.stop(node);
                } else {
                    nodes.kill(node);
                }
            }
            nodes.movePeers().startAll();
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
                client.call(client.put("k", "2"));
            }
            // The log's own configuration entries name the old ports: another leader must be found as well.
            nodes.kill(nodes.leader());
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("2");
            }
        }
    }

    /** Ratis by itself would wait three seconds for the calls to the others to end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Feature("S-78")
    void aLeaderEndsAtOnce(boolean gracefully, @TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            long start = System.nanoTime();
            if (gracefully) {
                nodes.stop(leader);
            } else {
                nodes.kill(leader);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aFollowerNamesTheLeader(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            String follower = nodes.names().stream()
                    .filter(n -> !n.equals(leader))
                    .findFirst()
                    .orElseThrow();
            await().until(() -> nodes.node(follower).status().getReady());
            try (RawClient client = new RawClient(nodes.node(follower).clientAddress())) {
                client.hello(RawClient.freshHello().build());
                var goodbye = client.goodbye();
                assertThat(goodbye.getCode()).isEqualTo(ErrorCode.ENOTLEADER);
                assertThat(goodbye.getLeaderAddress())
                        .isEqualTo(nodes.node(leader).clientAddress());
            }
        }
    }

    @Test
    void leadershipIsHandedOverToTheHeirAndClientsAreTold(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            try (RawClient client = RawClient.open(nodes.node(leader).clientAddress())) {
                client.call(client.put("k", "1"));
                String heir = nodes.names().stream()
                        .filter(n -> !n.equals(leader))
                        .findFirst()
                        .orElseThrow();
                nodes.node(leader).transferLeadership(Optional.of(heir), Duration.ofSeconds(5));
                assertThat(nodes.leader()).isEqualTo(heir);
                assertThat(client.goodbye().getCode()).isEqualTo(ErrorCode.ENOTLEADER);
            }
        }
    }

    @Test
    @Feature("C-09")
    void nothingIsHandedOverToAMemberThatIsNotHeardOf(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            String dead = nodes.names().stream()
                    .filter(n -> !n.equals(leader))
                    .findFirst()
                    .orElseThrow();
            nodes.kill(dead);
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> nodes.node(leader).transferLeadership(Optional.of(dead), Duration.ofMillis(100)))
                    .hasMessageContaining("has not heard of " + dead));
            assertThat(nodes.leader()).isEqualTo(leader);
        }
    }

    @Test
    @Feature("S-75")
    void aFollowerThatMissedThePurgedLogCatchesUpBySnapshot(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                .with(config -> config.set(Keys.SNAPSHOT_DIRTY_ROWS, 500)
                        .set(Keys.SNAPSHOT_SPACING_MILLIS, 50)
                        .set(Keys.LOG_SEGMENT_BYTES, 1 << 16))
                .startAll()) {
            String leader = nodes.leader();
            List<String> followers =
                    nodes.names().stream().filter(n -> !n.equals(leader)).toList();
            nodes.kill(followers.get(0));
            try (RawClient client = RawClient.open(nodes.node(leader).clientAddress())) {
                for (int round = 0; round < 20; round++) {
                    ClientFrame.Builder frame = ClientFrame.newBuilder();
                    for (int i = 0; i < 500; i++) {
                        frame.addCommands(client.put("key-" + round + "-" + i, "\"" + "x".repeat(100) + "\""));
                    }
                    long last = frame.getCommands(499).getSeq();
                    client.send(frame.build());
                    client.await(f -> f.getRepliesList().stream().anyMatch(r -> r.getSeq() == last));
                }
            }
            nodes.start(followers.get(0));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                NodeStatusReply there = nodes.node(followers.get(0)).status();
                NodeStatusReply here = nodes.node(leader).status();
                assertThat(there.getDigestIndex()).isEqualTo(here.getDigestIndex());
                assertThat(there.getDigest()).isEqualTo(here.getDigest());
                assertThat(there.getSnapshotIndex()).isPositive();
            });
        }
    }
}
