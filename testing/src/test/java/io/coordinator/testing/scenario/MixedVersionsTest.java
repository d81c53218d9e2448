package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.server.StartupException;
import io.coordinator.state.Coordinator;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.TestCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import io.coordinator.testing.runner.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clusters of members of two versions: upgraded under load, taken back, upgraded again, and finalized. */
@Feature("B-29")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class MixedVersionsTest {
    private static final Logger LOG = LoggerFactory.getLogger(MixedVersionsTest.class);
    private static final int NEW = Coordinator.VERSION;
    private static final int OLD = NEW - 1;
    private static final String PIN = "version-max";
    /** Snapshots come often, so that each version loads those of the other, and sends them to it. */
    private static final ClusterOptions OPTIONS =
            ClusterOptions.defaults().config("snapshot-dirty-rows", "40").config("snapshot-spacing-millis", "200");

    private static void pin(Cluster cluster, String node, boolean newer) {
        cluster.configure(node, PIN, Integer.toString(newer ? NEW : OLD));
    }

    private static void kill(Cluster cluster, String node) {
        cluster.kill(node);
        cluster.start(node);
    }

    @Test
    void membersAreKilledIntoTheNewVersionAndBackAndNobodyNotices() {
        try (TestCluster cluster = TestCluster.start(OPTIONS.config(PIN, Integer.toString(OLD)));
                MixedVersions mixed = new MixedVersions(cluster, (node, newer) -> pin(cluster, node, newer))) {
            mixed.roll(true, MixedVersionsTest::kill);
            mixed.rollTwo(false, MixedVersionsTest::kill);
            assertThat(mixed.finish().getObstaclesList()).hasSize(2);
            mixed.roll(true, MixedVersionsTest::kill);
            String refused = mixed.finishAndRefuseOlder(NEW);
            try {
                cluster.start(refused);
                assertThatThrownBy(() -> Waiting.get(cluster.server(refused).terminated()))
                        .hasMessageContaining("core version " + NEW);
            } catch (IllegalStateException e) {
                assertThat(e).cause().isInstanceOf(StartupException.class).hasMessageContaining("core version " + NEW);
            }
        }
    }

    /** A node is killed, killed again while it starts in the other version, and stopped in order the next time. */
    private static final class Rough implements MixedVersions.Step {
        private final Random random;

        Rough(Random random) {
            this.random = random;
        }

        @Override
        public void take(Cluster cluster, String node) {
            if (random.nextBoolean()) {
                cluster.stop(node);
            } else {
                cluster.kill(node);
            }
            cluster.start(node);
            Waiting.pass(Duration.ofMillis(random.nextInt(4_000)));
            cluster.restart(node);
            if (random.nextBoolean()) {
                // So does the one that leads, while the other one is on its way back: nobody can write for a moment.
                String leader = cluster.awaitLeader();
                cluster.restart(leader);
            }
        }
    }

    @Test
    @Tag("soak")
    void processesOfThisBuildThatArePinned() {
        Random random = seeded();
        try (ProcessCluster cluster = ProcessCluster.start(OPTIONS.config(PIN, Integer.toString(OLD)))) {
            upgrade(cluster, random, (node, newer) -> pin(cluster, node, newer));
        }
    }

    /**
     * Which state is older is told by the property {@code upgrade.from}, a commit; by default the last one before the
     * present version of the core.
     */
    @Test
    @Tag("soak")
    void processesOfAnEarlierBuild(@TempDir Path directory) throws Exception {
        Path root = Repository.here().root();
        assumeTrue(Files.exists(root.resolve(".git")), "needs the history");
        String given = System.getProperty("upgrade.from", "");
        String commit = given.isEmpty() ? EarlierBuild.beforeThisVersion(root) : given;
        LOG.info("older nodes are of {}", commit);
        Launch older = EarlierBuild.of(root, commit, directory).launch(Launch.DEFAULT);
        Random random = seeded();
        try (ProcessCluster cluster = ProcessCluster.start(OPTIONS.launch(older))) {
            upgrade(cluster, random, (node, newer) -> cluster.launch(node, newer ? Launch.DEFAULT : older));
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("seed", System.nanoTime());
        LOG.info("mixed versions, repeat with -Dseed={}", seed);
        return new Random(seed);
    }

    private static void upgrade(ProcessCluster cluster, Random random, MixedVersions.Versions versions) {
        MixedVersions.Step rough = new Rough(random);
        try (MixedVersions mixed = new MixedVersions(cluster, versions)) {
            mixed.roll(true, MixedVersionsTest::kill);
            mixed.roll(false, MixedVersionsTest::kill);
            for (int round = 0; round < Integer.getInteger("upgrade.rounds", 3); round++) {
                mixed.roll(true, rough);
                mixed.roll(false, rough);
            }
            mixed.roll(true, rough);
            String refused = mixed.finishAndRefuseOlder(NEW);
            cluster.start(refused);
            Waiting.await("the older node ends").until(() -> !cluster.alive().contains(refused));
            assertThat(cluster.output(refused)).contains("core version " + NEW, "upgrade this node");
            mixed.takeBack(refused);
            assertThat(mixed.finish().getActiveVersion()).as("a second time").isEqualTo(NEW);
        } catch (RuntimeException | AssertionError e) {
            e.addSuppressed(new AssertionError(cluster.output()));
            throw e;
        }
    }
}
