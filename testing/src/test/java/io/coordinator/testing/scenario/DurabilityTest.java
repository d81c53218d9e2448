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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node says has happened is on disks, as seen in what it asks of its system. A killed process shows nothing of
 * that: the system still has in its cache what was never synced.
 */
@Tag("alone")
@Tag("soak")
class DurabilityTest {
    private static final int WRITERS = 4;
    private static final int WRITES = 25;
    private static final int MAJORITY = 2;
    /** Long enough that whoever does not wait for a sync is seen to be earlier. */
    private static final String SLOW_LOG = "fdatasync:delay_enter=10000";

    private static final String SLOW_FILES = "fsync:delay_enter=100000";

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

    private Map<String, TracedDisk> disks(ProcessCluster cluster) {
        Map<String, TracedDisk> disks = new TreeMap<>();
        for (String node : cluster.nodes()) {
            disks.put(node, TracedDisk.of(trace(cluster, node), cluster.dataDirectory(node)));
        }
        return disks;
    }

    /** Writes values that occur nowhere else; returns when each was acknowledged, in microseconds since 1970. */
    private static Map<String, Long> write(ProcessCluster cluster) {
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        CoordinatorClient client = cluster.client();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = "acknowledged-" + writer + "-";
            writers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < WRITES; i++) {
                    String value = prefix + i + ".";
                    client.cache().put(prefix + i, value);
                    acknowledged.put(value, nowMicros());
                }
            }));
        }
        writers.forEach(Waiting::get);
        return acknowledged;
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Test
    @Feature("PM-PERS-2")
    void nothingIsAcknowledgedBeforeAMajorityHasSyncedIt() {
        try (ProcessCluster cluster = start(ClusterOptions.defaults(), SLOW_LOG)) {
            Map<String, Long> acknowledged = write(cluster);
            cluster.nodes().forEach(cluster::kill);
            List<TracedDisk> disks = List.copyOf(disks(cluster).values());
            assertThat(acknowledged).hasSize(WRITERS * WRITES);
            acknowledged.forEach((value, atMicros) -> {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                long synced = disks.stream()
                        .flatMap(disk -> disk.durableAtMicros(bytes).stream().boxed())
                        .filter(time -> time <= atMicros)
                        .count();
                assertThat(synced)
                        .as("disks that had %s when it was acknowledged", value)
                        .isGreaterThanOrEqualTo(MAJORITY);
            });
        }
    }

    @Test
    @Feature("PM-PERS-2")
    void noVoteCountsBeforeItIsSynced() {
        try (ProcessCluster cluster = start(ClusterOptions.defaults(), SLOW_FILES)) {
            String leader = cluster.awaitLeader();
            long seenMicros = nowMicros();
            long term = cluster.status(leader).map(NodeStatusReply::getTerm).orElseThrow();
            cluster.nodes().forEach(cluster::kill);
            byte[] vote = ("term=" + term + "\n").getBytes(StandardCharsets.UTF_8);
            long voters = disks(cluster).values().stream()
                    .flatMap(disk -> disk.durableAtMicros(vote).stream().boxed())
                    .filter(time -> time <= seenMicros)
                    .count();
            assertThat(voters)
                    .as("disks that had term %d when it had a leader", term)
                    .isGreaterThanOrEqualTo(MAJORITY);
        }
    }

    @Test
    @Feature("PM-PERS-2")
    void noSnapshotIsPublishedBeforeItIsSynced() {
        ClusterOptions options = ClusterOptions.defaults().nodes(1).config("snapshot-dirty-rows", "40");
        try (ProcessCluster cluster = start(options)) {
            for (int i = 0; i < 2; i++) {
                long before = snapshotIndex(cluster);
                write(cluster);
                Waiting.await("a snapshot").until(() -> snapshotIndex(cluster) > before);
            }
            cluster.nodes().forEach(cluster::kill);
            List<TracedDisk.Renamed> snapshots =
                    TracedDisk.renamed(trace(cluster, "n1"), cluster.dataDirectory("n1")).stream()
                            .filter(renamed ->
                                    renamed.to().getFileName().toString().matches("\\d+_\\d+"))
                            .toList();
            assertThat(snapshots).hasSizeGreaterThanOrEqualTo(2).allMatch(TracedDisk.Renamed::durable);
        }
    }

    private static long snapshotIndex(ProcessCluster cluster) {
        return cluster.status("n1").map(NodeStatusReply::getSnapshotIndex).orElse(0L);
    }
}
