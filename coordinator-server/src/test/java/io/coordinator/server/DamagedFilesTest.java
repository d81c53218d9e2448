package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.Keys;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to each kind of file of one member of three, whose others serve on. */
@Feature("R-5")
class DamagedFilesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RANDOM_FLIPS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature({"PM-PERS-8", "PM-PERS-9"})
    void aDamagedNodeRefusesToStartSaysWhichFileAndRejoinsEmpty() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                .with(config -> config.set(Keys.SNAPSHOT_DIRTY_ROWS, 200)
                        .set(Keys.SNAPSHOT_SPACING_MILLIS, 100)
                        .set(Keys.LOG_SEGMENT_BYTES, 1 << 16)
                        .set(Keys.ELECTION_TIMEOUT_MIN_MILLIS, 2_000)
                        .set(Keys.ELECTION_TIMEOUT_MAX_MILLIS, 4_000))
                .startAll()) {
            String leader = nodes.leader();
            String victim = nodes.names().stream()
                    .filter(name -> !name.equals(leader))
                    .findFirst()
                    .orElseThrow();
            Path data = nodes.data(victim);
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                AtomicInteger round = new AtomicInteger();
                await().atMost(PATIENCE).until(() -> {
                    putMany(client, round.getAndIncrement());
                    return snapshots(data).size() >= 2
                            && !files(current(data), "log_\\d+-\\d+").isEmpty();
                });
            }
            nodes.kill(victim);
            Path whole = directory.resolve("whole");
            copy(data, whole);

            refused(nodes, victim, whole, newest(current(data), "log_inprogress.*"), file -> flip(file, 400));
            refused(nodes, victim, whole, newest(current(data), "log_\\d+-\\d+"), file -> flip(file, 1_000));
            refused(nodes, victim, whole, newest(current(data), "log_\\d+-\\d+"), file -> cut(file, 20_000));
            refused(nodes, victim, whole, current(data).resolve("raft-meta"), file -> replace(file, "term=", "term=-"));
            refused(nodes, victim, whole, current(data).resolve("raft-meta"), file -> cut(file, 0));
            refused(nodes, victim, whole, current(data).resolve("raft-meta"), Files::delete);
            refused(nodes, victim, whole, current(data).resolveSibling("vote-mark"), file -> flip(file, 4));
            refused(nodes, victim, whole, data.resolve("identity"), file -> flip(file, 3));
            refused(nodes, victim, whole, snapshots(data).get(0), file -> {
                for (Path snapshot : snapshots(data)) {
                    flip(newest(snapshot, ".*\\.sst"), 300);
                }
            });
            acceptedOrRefused(nodes, victim, whole);
            startsFromTheOlderSnapshot(nodes, victim, whole);

            nodes.kill(victim);
            delete(data);
            nodes.start(victim);
            agrees(nodes, victim);
        }
    }

    private interface Damage {
        void to(Path file) throws IOException;
    }

    private void refused(TestNodes nodes, String node, Path whole, Path file, Damage damage) throws Exception {
        Path data = nodes.data(node);
        delete(data);
        copy(whole, data);
        damage.to(file);
        assertThatThrownBy(() -> nodes.start(node))
                .as("%s", file)
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(refused.isDefect()).isFalse())
                .hasMessageMatching("(?s).*(rejoin|Rejoining empty|'identity'|its own directory|whose this directory|"
                        + "receives the state from the leader).*");
        assertThat(nodes.running()).doesNotContainKey(node);
        write(nodes, file.getFileName().toString());
    }

    /** One bit of any file: the node starts and is right, or does not start. */
    private void acceptedOrRefused(TestNodes nodes, String node, Path whole) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path data = nodes.data(node);
        for (int i = 0; i < RANDOM_FLIPS; i++) {
            delete(data);
            copy(whole, data);
            List<Path> files = all(data);
            Path file = files.get(random.nextInt(files.size()));
            int position = random.nextInt((int) Math.min(Files.size(file), 60_000));
            flip(file, position);
            String what = "seed " + seed + ", " + file + " at " + position;
            try {
                nodes.start(node);
            } catch (StartupException e) {
                assertThat(e.isDefect()).as("%s: %s", what, e).isFalse();
                continue;
            }
            agrees(nodes, node);
            nodes.kill(node);
        }
    }

    private void startsFromTheOlderSnapshot(TestNodes nodes, String node, Path whole) throws Exception {
        Path data = nodes.data(node);
        delete(data);
        copy(whole, data);
        flip(newest(snapshots(data).get(snapshots(data).size() - 1), ".*\\.sst"), 300);
        nodes.start(node);
        agrees(nodes, node);
        assertThat(data.resolve("damaged")).isDirectory();
    }

    private static void agrees(TestNodes nodes, String node) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            NodeStatusReply there = nodes.node(node).status();
            NodeStatusReply here = nodes.node(nodes.leader()).status();
            assertThat(there.getDigestIndex()).isEqualTo(here.getDigestIndex());
            assertThat(there.getDigest()).isEqualTo(here.getDigest());
            assertThat(there.getDigestMismatches()).isZero();
        });
    }

    private static void write(TestNodes nodes, String value) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("k", "\"" + value + "\""));
            assertThat(client.read("k")).isEqualTo("\"" + value + "\"");
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

    private static Path current(Path data) {
        return LogDirectories.group(data, "coordinator").resolve("current");
    }

    private static List<Path> snapshots(Path data) throws IOException {
        return files(LogDirectories.checkpoints(data, "coordinator"), "\\d+_\\d+");
    }

    private static Path newest(Path in, String pattern) throws IOException {
        List<Path> files = files(in, pattern);
        return files.get(files.size() - 1);
    }

    /** In the order of their names. */
    private static List<Path> files(Path in, String pattern) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted(Comparator.comparing(
                                    (Path file) -> file.getFileName().toString().length())
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private static List<Path> all(Path data) throws IOException {
        try (Stream<Path> tree = Files.walk(data)) {
            return tree.filter(
                            file -> Files.isRegularFile(file) && file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[Math.min(position, bytes.length - 1)] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSizeGreaterThan(length);
        Files.write(file, Arrays.copyOf(bytes, length));
    }

    private static void replace(Path file, String text, String other) throws IOException {
        String content = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(content).contains(text);
        Files.writeString(file, content.replace(text, other));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
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
