package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.disk.Strace;
import io.coordinator.testing.disk.Trace;
import io.coordinator.testing.disk.TracedDisk;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node says has happened is on disks, as seen in what it asks of its system, and is there after the power was
 * lost. A killed process shows nothing of that: the system still has in its cache what was never synced.
 */
@Feature("PM-PERS-2")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DurabilityTest {
    private static final int WRITERS = 4;
    private static final int WRITES = 15;
    private static final int MAJORITY = 2;
    /** Long enough that whoever does not wait for a sync is seen to be earlier, on a busy machine too. */
    private static final String[] SLOW = {"fdatasync:delay_enter=60000", "fsync:delay_enter=20000"};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeEach
    void canTrace() {
        assumeTrue(Strace.isAvailable(), "needs strace, and the right to trace a child");
    }

    private ProcessCluster start(ClusterOptions options, String... injections) {
        List<String> strace = Strace.command(directory.resolve(Launch.NAME), injections);
        return ProcessCluster.start(options.launch(Launch.DEFAULT.wrapped(strace)));
    }

    private Trace trace(ProcessCluster cluster, String node) {
        return Trace.read(directory.resolve(node), cluster.dataDirectory(node));
    }

    @Test
    void powerMayFailOnOneNodeAndThenOnAMajority() throws IOException {
        try (ProcessCluster cluster = start(ClusterOptions.defaults().config("snapshot-dirty-rows", "40"), SLOW)) {
            String leader = cluster.awaitLeader();
            Vote vote = new Vote(term(cluster, leader), nowMicros());
            Map<String, Long> acknowledged = write(cluster, "first");
            cluster.kill(leader);
            long killedMicros = nowMicros();
            List<Trace> traces = new ArrayList<>(List.of(losePower(cluster, leader)));
            Set<String> all = new TreeSet<>(acknowledged.keySet());
            all.addAll(write(cluster, "meanwhile").keySet());
            cluster.start(leader);
            assertHolds(cluster, all);

            all.addAll(write(cluster, "afterwards").keySet());
            List<String> others = cluster.nodes().stream()
                    .filter(node -> !node.equals(leader))
                    .toList();
            others.forEach(cluster::kill);
            for (String node : others) {
                traces.add(losePower(cluster, node));
            }
            others.forEach(cluster::start);
            assertHolds(cluster, all);

            // What is in snapshots is not in the log for ever.
            List<TracedDisk> disks = traces.stream()
                    .map(trace -> TracedDisk.asOf(trace, killedMicros))
                    .toList();
            assertSyncedInTime(disks, acknowledged);
            vote.assertSyncedInTime(disks);
        }
    }

    /** Leaves of a killed node's files what its disk has; returns what it did. */
    private Trace losePower(ProcessCluster cluster, String node) throws IOException {
        Trace trace = trace(cluster, node);
        TracedDisk.of(trace).restore();
        return trace;
    }

    /** A term in which there was a leader. */
    private record Vote(long term, long seenMicros) {

        void assertSyncedInTime(List<TracedDisk> disks) {
            byte[] file = ("term=" + term + "\n").getBytes(StandardCharsets.UTF_8);
            assertThat(inTime(disks, file, seenMicros))
                    .as("disks that had the vote of term %d when it had a leader", term)
                    .isGreaterThanOrEqualTo(MAJORITY);
        }
    }

    private static void assertSyncedInTime(List<TracedDisk> disks, Map<String, Long> acknowledged) {
        assertThat(acknowledged).hasSize(WRITERS * WRITES);
        acknowledged.forEach(
                (value, atMicros) -> assertThat(inTime(disks, value.getBytes(StandardCharsets.UTF_8), atMicros))
                        .as("disks that had %s when it was acknowledged", value)
                        .isGreaterThanOrEqualTo(MAJORITY));
    }

    private static long inTime(List<TracedDisk> disks, byte[] bytes, long micros) {
        return disks.stream()
                .flatMapToLong(disk -> disk.durableAtMicros(bytes).stream())
                .filter(time -> time <= micros)
                .count();
    }

    private static void assertHolds(ProcessCluster cluster, Set<String> acknowledged) {
        CoordinatorClient client = cluster.client();
        for (String value : acknowledged) {
            assertThat(client.cache().get(key(value)))
                    .as(value)
                    .hasValueSatisfying(
                            entry -> assertThat(entry.value().asText()).isEqualTo(value));
        }
        cluster.awaitEqualDigests();
    }

    @Test
    @Tag("soak")
    void aMajorityWhoseDisksLieIsFoundOut() throws IOException {
        try (ProcessCluster cluster = start(ClusterOptions.defaults())) {
            write(cluster, "kept");
            cluster.awaitEqualDigests();
            long lyingSinceMicros = nowMicros();
            write(cluster, "lost");
            long lost = cluster.status(cluster.awaitLeader())
                    .map(NodeStatusReply::getAppliedIndex)
                    .orElseThrow();
            String honest = cluster.followers().get(0);
            Waiting.await("the mark").until(() -> committed(cluster, honest) >= lost);
            cluster.nodes().forEach(cluster::kill);
            for (String node : cluster.nodes()) {
                if (!node.equals(honest)) {
                    TracedDisk.asOf(trace(cluster, node), lyingSinceMicros).restore();
                    cluster.start(node);
                }
            }
            write(cluster, "new");
            cluster.start(honest);
            Waiting.await("the honest node stops").until(() -> !cluster.alive().contains(honest));
            assertThat(cluster.output()).contains("other members have lost what they had acknowledged");
        }
    }

    private static long committed(ProcessCluster cluster, String node) throws IOException {
        Path mark = cluster.dataDirectory(node).resolve("committed");
        return Files.exists(mark) ? Long.parseLong(Files.readString(mark).strip()) : -1;
    }

    @Test
    void noSnapshotIsPublishedBeforeItIsSynced() {
        ClusterOptions options = ClusterOptions.defaults().nodes(1).config("snapshot-dirty-rows", "40");
        try (ProcessCluster cluster = start(options)) {
            for (int i = 0; i < 2; i++) {
                long before = snapshotIndex(cluster);
                write(cluster, "round" + i);
                Waiting.await("a snapshot").until(() -> snapshotIndex(cluster) > before);
            }
            cluster.nodes().forEach(cluster::kill);
            List<TracedDisk.Renamed> snapshots = TracedDisk.renamed(trace(cluster, "n1")).stream()
                    .filter(renamed -> renamed.to().getFileName().toString().matches("\\d+_\\d+"))
                    .toList();
            assertThat(snapshots).hasSizeGreaterThanOrEqualTo(2).allMatch(TracedDisk.Renamed::durable);
        }
    }

    /** Writes values that occur nowhere else; returns when each was acknowledged, in microseconds since 1970. */
    private static Map<String, Long> write(ProcessCluster cluster, String round) {
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        CoordinatorClient client = cluster.client();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = "acknowledged-" + round + "-" + writer + "-";
            writers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < WRITES; i++) {
                    String value = prefix + i + ".";
                    client.cache().put(key(value), value);
                    acknowledged.put(value, nowMicros());
                }
            }));
        }
        writers.forEach(Waiting::get);
        return new TreeMap<>(acknowledged);
    }

    private static String key(String value) {
        return value.substring(0, value.length() - 1);
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static long term(ProcessCluster cluster, String leader) {
        return cluster.status(leader).map(NodeStatusReply::getTerm).orElseThrow();
    }

    private static long snapshotIndex(ProcessCluster cluster) {
        return cluster.status("n1").map(NodeStatusReply::getSnapshotIndex).orElse(0L);
    }
}
