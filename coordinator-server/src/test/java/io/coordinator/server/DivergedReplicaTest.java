package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas whose state is really another: one goes on from a state to which another entry has led. */
@Feature("B-18")
class DivergedReplicaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aFollowerThatIsAloneWithItsStateStopsAndRejoinsEmpty() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            String wrong = other(nodes, leader);
            BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
            nodes.kill(wrong);
            nodes.start(wrong, new ServerListener() {
                @Override
                public void diverged(long index) {
                    heard.add(index);
                }
            });
            write(nodes, "1");
            diverge(nodes.node(wrong));
            stopsAndRejoins(nodes, wrong);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** What two against one say counts, also against the word of the leader. */
    @Test
    void aLeaderThatIsAloneWithItsStateStopsAndRejoinsEmpty() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            write(nodes, "1");
            String wrong = nodes.leader();
            diverge(nodes.node(wrong));
            stopsAndRejoins(nodes, wrong);
            assertThat(nodes.running()).hasSize(3);
        }
    }

    @Test
    void ofTwoNobodyCanTellWhichIsWrong() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 2).startAll()) {
            write(nodes, "1");
            String follower = other(nodes, nodes.leader());
            diverge(nodes.node(follower));
            await().atMost(PATIENCE)
                    .until(() ->
                            nodes.node(follower).node().guards().divergence().unresolved() > 2);
            NodeStatusReply status = nodes.node(follower).status();
            assertThat(status.getReady()).isFalse();
            assertThat(status.getNotReadyReason()).contains("diverged");
            assertThat(nodes.node(follower).terminated()).isNotDone();
            assertThat(nodes.node(nodes.leader()).terminated()).isNotDone();
            assertThat(asides(nodes.data(follower))).isEmpty();
        }
    }

    /** Has this replica go on from a state to which another entry has led. */
    private static void diverge(CoordinatorServer node) {
        Replica replica = node.node().guards().replica();
        Coordinator other = new Coordinator(Limits.DEFAULT);
        replica.locked(core -> other.apply(
                core.index(),
                Entry.newBuilder()
                        .setClusterTimeMillis(core.clusterTimeMillis())
                        .addCommands(Command.newBuilder()
                                .setSession(SessionCommand.newBuilder()
                                        .setOpen(OpenSession.newBuilder().setLeaseMillis(60_000))))
                        .build()));
        replica.replace(other);
    }

    private void stopsAndRejoins(TestNodes nodes, String wrong) throws Exception {
        // The leader's next entry, a tick at the latest, tells its digest.
        assertThat(nodes.node(wrong).terminated())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("diverged");
        nodes.ended(wrong);
        write(nodes, "2");
        assertThat(Files.isDirectory(nodes.data(wrong).resolve("raft"))).isFalse();
        nodes.start(wrong);
        List<Path> asides = asides(nodes.data(wrong));
        assertThat(asides).hasSize(1);
        assertThat(asides.get(0).resolve("raft")).isDirectory();
        assertThat(asides.get(0).resolve("why")).content().contains("a majority of the members has another");
        await().atMost(PATIENCE).untilAsserted(() -> {
            NodeStatusReply there = nodes.node(wrong).status();
            NodeStatusReply here = nodes.node(nodes.leader()).status();
            assertThat(there.getDigestIndex()).isEqualTo(here.getDigestIndex());
            assertThat(there.getDigest()).isEqualTo(here.getDigest());
        });
        await().atMost(PATIENCE)
                .until(() -> nodes.running().values().stream()
                        .allMatch(node ->
                                node.status().getReady() && node.status().getDigestMismatches() == 0));
    }

    private static List<Path> asides(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.getFileName().toString().startsWith("diverged-"))
                    .toList();
        }
    }

    private static void write(TestNodes nodes, String value) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("k", value));
            assertThat(client.read("k")).isEqualTo(value);
        }
    }

    private static String other(TestNodes nodes, String than) {
        return nodes.names().stream()
                .filter(name -> !name.equals(than))
                .findFirst()
                .orElseThrow();
    }
}
