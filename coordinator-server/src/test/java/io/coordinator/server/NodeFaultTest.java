package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Key;
import io.coordinator.server.config.Keys;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.Submission;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.state.UnknownCommandException;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does when its disk, its ports or its log are not as they should be. */
class NodeFaultTest {

    @Test
    @Feature("PM-PERS-8")
    void aDamagedLogIsRefused(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "\"" + "x".repeat(1_000) + "\""));
            }
            nodes.kill("n1");
            Path segment = openSegment(nodes.data("n1"));
            byte[] bytes = Files.readAllBytes(segment);
            bytes[400] ^= 1;
            Files.write(segment, bytes);

            assertThatThrownBy(() -> nodes.start("n1"))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("EBROKER");
        }
    }

    @Test
    void aVanishedLogIsRefused(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            nodes.leader();
            nodes.kill("n1");
            delete(nodes.data("n1").resolve("raft"));
            assertThatThrownBy(() -> nodes.start("n1"))
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EMISMATCH))
                    .hasMessageContaining("vanished");
        }
    }

    /** Every file of the log is whole, so only the mark shows that there was more. */
    @Test
    @Feature("PM-PERS-8")
    void aLogThatEndsBeforeWhatWasCommittedIsRefused(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            nodes.kill("n1");
            Path log = nodes.data("n1").resolve("raft");
            Path older = directory.resolve("older");
            copy(log, older);
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            awaitMark(nodes.data("n1"), nodes.node("n1").status().getAppliedIndex());
            nodes.kill("n1");
            delete(log);
            copy(older, log);
            assertThatThrownBy(() -> nodes.start("n1"))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("its disk lost what it had said was written");
        }
    }

    @Test
    void aMarkThatCannotBeReadMarksNothing(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            nodes.leader();
            Path mark = nodes.data("n1").resolve("committed");
            for (String torn : List.of("", "12345x", "\0\0\0", "9999999999999999999999", "-7")) {
                nodes.kill("n1");
                Files.writeString(mark, torn);
                nodes.start("n1");
                nodes.leader();
            }
        }
    }

    private static void awaitMark(Path data, long index) {
        Path mark = data.resolve("committed");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(mark)
                        && Long.parseLong(Files.readString(mark).strip()) >= index);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Test
    @Feature("U-16")
    void aPortInUseIsNamedWithWhatToDoAndNothingStaysOpen(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            for (Key<HostPort> key : List.of(Keys.PEER_BIND, Keys.CLIENT_BIND)) {
                int port = nodes.config("n1").get(key).port();
                try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                    assertThat(socket.isBound()).isTrue();
                    refusesToStart(nodes, key, port);
                }
            }
            nodes.start("n1");
            nodes.leader();
        }
    }

    /** It logs stack traces and wants to end the process. */
    @Test
    @Feature("U-16")
    void aPeerPortInUseIsFoundBeforeRatisMeetsIt(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1);
                ServerSocket taken = new ServerSocket(
                        nodes.config("n1").get(Keys.PEER_BIND).port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> nodes.start("n1"))
                    .hasRootCauseInstanceOf(BindException.class)
                    .rootCause()
                    .satisfies(cause -> assertThat(cause.getStackTrace())
                            .noneMatch(frame -> frame.getClassName().startsWith("org.apache.ratis")));
            assertThat(taken.isBound()).isTrue();
        }
    }

    @Test
    @Feature("U-16")
    void aPortOfProbesThatIsInUseIsNamedAsWell(@TempDir Path directory) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.HTTP_BIND, new HostPort("127.0.0.1", taken.getLocalPort())))) {
            refusesToStart(nodes, Keys.HTTP_BIND, taken.getLocalPort());
        }
    }

    private static void refusesToStart(TestNodes nodes, Key<HostPort> key, int port) {
        assertThatThrownBy(() -> nodes.start("n1")).isInstanceOfSatisfying(StartupException.class, failure -> {
            assertThat(failure.reason())
                    .startsWith(key.name() + ": port " + port + " is in use at ")
                    .endsWith("or set " + key.name() + " to another port");
            assertThat(failure.isDefect()).isFalse();
        });
    }

    @Test
    @Feature("S-75")
    void aWipedNodeRejoinsBySnapshot(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                .with(config -> config.set(Keys.SNAPSHOT_DIRTY_ROWS, 200)
                        .set(Keys.SNAPSHOT_SPACING_MILLIS, 100)
                        .set(Keys.LOG_SEGMENT_BYTES, 1 << 16))
                .startAll()) {
            String leader = nodes.leader();
            String wiped = nodes.names().stream()
                    .filter(name -> !name.equals(leader))
                    .findFirst()
                    .orElseThrow();
            nodes.kill(wiped);
            delete(nodes.data(wiped));
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                for (int round = 0; round < 15; round++) {
                    putMany(client, round);
                }
            }
            nodes.start(wiped);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                NodeStatusReply there = nodes.node(wiped).status();
                NodeStatusReply here = nodes.node(nodes.leader()).status();
                assertThat(there.getDigestIndex()).isEqualTo(here.getDigestIndex());
                assertThat(there.getDigest()).isEqualTo(here.getDigest());
                assertThat(there.getSnapshotIndex()).isPositive();
            });
        }
    }

    @Test
    @Feature({"PM-PERS-12", "S-78"})
    void aStoppingLeaderHandsOverAndSaysWhere(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            try (RawClient client = RawClient.open(nodes.node(leader).clientAddress())) {
                client.call(client.put("k", "1"));
                CompletableFuture<Void> terminated = nodes.node(leader).terminated();
                nodes.stop(leader);
                Error goodbye = client.goodbye();
                assertThat(goodbye.getCode()).isEqualTo(ErrorCode.ENOTLEADER);
                assertThat(terminated).isCompleted();
                assertThat(goodbye.getLeaderAddress()).isIn(addressesOf(nodes));
            }
            nodes.start(leader);
            await().until(() -> nodes.node(leader).status().getSnapshotIndex() > 0);
        }
    }

    private static List<String> addressesOf(TestNodes nodes) {
        return nodes.running().values().stream()
                .map(CoordinatorServer::clientAddress)
                .toList();
    }

    /** A newer version's command that slipped into the log must stop this replica rather than let it diverge. */
    @Test
    void anUnknownCommandInTheLogStopsTheNode(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            CompletableFuture<Throwable> fatal = new CompletableFuture<>();
            Node node =
                    new NodeAssembly(nodes.config("n1"), LogLease::new, ServerListener.NONE, fatal::complete).start();
            try {
                await().until(() -> node.reporter().isServing());
                node.log().submit(new Alien());
                assertThat(fatal.get(20, TimeUnit.SECONDS)).isInstanceOf(UnknownCommandException.class);
                long applied = node.reporter().report().getAppliedIndex();
                node.log().takeSnapshot();
                node.snapshotter().pause();
                assertThat(node.reporter().report().getSnapshotIndex())
                        .as("no snapshot has a part of it")
                        .isLessThanOrEqualTo(applied);
            } finally {
                node.stop();
                node.closeAll();
            }
        }
    }

    private static final class Alien implements Submission {
        @Override
        public Entry entry() {
            return Entry.newBuilder()
                    .setClusterTimeMillis(1)
                    .addCommands(Command.getDefaultInstance())
                    .build();
        }

        @Override
        public void failed(Throwable cause) {
            // The node stops; that is what the test waits for.
        }
    }

    private static void putMany(RawClient client, int round) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int i = 0; i < 300; i++) {
            frame.addCommands(client.put("key-" + round + "-" + i, "\"" + "x".repeat(200) + "\""));
        }
        long last = frame.getCommands(299).getSeq();
        client.send(frame.build());
        client.await(f -> f.getRepliesList().stream().anyMatch(r -> r.getSeq() == last));
    }

    private static Path openSegment(Path data) throws IOException {
        Path current = LogDirectories.group(data, "coordinator").resolve("current");
        try (Stream<Path> files = Files.list(current)) {
            return files.filter(f -> f.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
