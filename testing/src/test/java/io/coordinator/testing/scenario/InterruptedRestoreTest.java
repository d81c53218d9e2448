package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.backup.BackupReader;
import io.coordinator.server.backup.Restoring;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.disk.Strace;
import io.coordinator.testing.disk.Trace;
import io.coordinator.testing.disk.TracedDisk;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whenever a process that restores a backup is killed, or its machine loses power, a node refuses what it has left,
 * and a restore can be run again. Only what is whole is served.
 */
@Feature({"B-16", "S-36"})
class InterruptedRestoreTest {
    private static final Logger log = LoggerFactory.getLogger(InterruptedRestoreTest.class);
    /** After so many of the moments the restore is run again, and after the last of all. */
    private static final int AGAIN_EVERY = 25;

    private final Path directory;
    private final Path backup;
    private final Path data;
    private final String member = "n1=" + FreePorts.address() + "/" + FreePorts.address();

    InterruptedRestoreTest(@TempDir Path temporary) {
        directory = temporary;
        backup = temporary.resolve("a.snapshot");
        data = temporary.resolve("data");
    }

    @BeforeEach
    void aBackup() throws Exception {
        try (ProcessCluster cluster =
                        ProcessCluster.start(ClusterOptions.defaults().nodes(1));
                CoordinatorClient client = cluster.client()) {
            client.cache().put("precious", "gold");
            Backing.save(cluster, backup);
        }
    }

    @Test
    void aPartIsRefusedAtEveryMomentAndTheRestoreCanBeRunAgain() throws Exception {
        assumeTrue(Strace.isAvailable(), "needs strace, and the right to trace a child");
        Path calls = directory.resolve("calls");
        JavaProcess restore = restoring(Launch.DEFAULT.wrapped(Strace.command(calls)));
        assertThat(restore.awaitExit()).as(restore.tail(20)).isZero();
        Trace trace = Trace.read(calls, data);
        List<Integer> moments = trace.changes();
        log.info("{} moments", moments.size());
        assertThat(moments).hasSizeGreaterThan(50);
        int refused = 0;
        for (int i = 0; i < moments.size(); i++) {
            TracedDisk then = TracedDisk.of(trace.first(moments.get(i)));
            then.restore();
            boolean last = i == moments.size() - 1;
            isWholeOrRefused("the power was lost after change " + i);
            then.restoreSeen();
            boolean whole = isWholeOrRefused("it was killed after change " + i);
            assertThat(whole).as("change %s of %s", i, moments.size()).isEqualTo(last);
            refused += whole ? 0 : 1;
            if (i % AGAIN_EVERY == AGAIN_EVERY - 1 || i == moments.size() - 2) {
                restore(backup, data, member);
                assertThat(isWholeOrRefused("it was run again after change " + i))
                        .isTrue();
            }
        }
        assertThat(refused).isEqualTo(moments.size() - 1);
        TracedDisk.of(trace).restore();
        assertThat(isWholeOrRefused("the power was lost when it had ended")).isTrue();
    }

    /** {@code -Dseed=N} for the same moments. */
    @Test
    @Tag("soak")
    void killedAtRandomItLeavesNothingThatIsServed() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("repeat with -Dseed={}", seed);
        Random random = new Random(seed);
        for (int i = 0; i < 30; i++) {
            JavaProcess restore = restoring(Launch.DEFAULT);
            Waiting.await("it begins, -Dseed=" + seed).until(() -> Files.exists(data) || !restore.isAlive());
            Waiting.pass(Duration.ofMillis(random.nextInt(300)));
            restore.kill();
            String when = "it was killed, -Dseed=" + seed + ", round " + i;
            if (!isWholeOrRefused(when)) {
                restore(backup, data, member);
                assertThat(isWholeOrRefused("it was run again when " + when)).isTrue();
            }
            Directories.delete(data);
        }
    }

    private JavaProcess restoring(Launch launch) {
        return JavaProcess.start(
                "restore",
                directory.resolve("restore.log"),
                launch,
                Restore.class,
                List.of(backup.toString(), data.toString(), member));
    }

    /** Whether a node serves the whole backup from the directory; fails if it serves a part or says nothing of use. */
    private boolean isWholeOrRefused(String when) throws IOException {
        if (isUntouched()) {
            return false;
        }
        ServerConfig config = ServerConfig.builder()
                .set("node", "n1")
                .set("cluster", "test")
                .set("members", member)
                .set("http-bind", "127.0.0.1:0")
                .set("data-dir", data.toString())
                .build();
        CoordinatorServer server;
        try {
            server = CoordinatorServer.start(config);
        } catch (StartupException e) {
            assertThat(e.code()).as(when).isEqualTo(ErrorCode.EMISMATCH);
            assertThat(e).as(when).hasMessageContaining("'coordinator snapshot restore' was interrupted");
            return false;
        }
        try (CoordinatorClient client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(server.clientAddress()).build())) {
            assertThat(client.cache().get("precious")).as(when).isPresent();
        } finally {
            server.abort();
        }
        return true;
    }

    /** Nothing has begun: as good as a directory that nobody has ever used. */
    private boolean isUntouched() throws IOException {
        if (!Files.exists(data)) {
            return true;
        }
        try (Stream<Path> files = Files.list(data)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            return Set.of("lock").containsAll(names);
        }
    }

    private static void restore(Path backup, Path data, String member) throws BackupException {
        BackupReader reader = BackupReader.open(backup);
        ClusterMember first = ClusterMember.parseList(member).get(0);
        Restoring.run(reader, data, reader.header().getCluster(), first, "test", "test", 0);
    }

    /** What {@code coordinator snapshot restore} does. */
    public static final class Restore {
        private Restore() {}

        /** Arguments: backup, data directory, first member. */
        public static void main(String[] arguments) throws BackupException {
            restore(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
        }
    }
}
