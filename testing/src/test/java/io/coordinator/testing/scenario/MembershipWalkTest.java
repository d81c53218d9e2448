package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.workload.MembershipWalk;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members come, go and lose their disks at random, under faults and use: nothing that clients saw is lost. */
@Feature("B-12")
class MembershipWalkTest {
    private static final Logger log = LoggerFactory.getLogger(MembershipWalkTest.class);

    @Test
    @Tag("soak")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aShortWalkKeepsAllThatWasAnswered() throws Exception {
        walk(30);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void aLongWalkKeepsAllThatWasAnswered() throws Exception {
        walk(Integer.getInteger("walk.steps", 1_000));
    }

    private static void walk(int steps) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("{} steps, repeat with -Dseed={}", steps, seed);
        try (ProcessCluster cluster =
                ProcessCluster.start(ClusterOptions.defaults().nodes(4).config("snapshot-dirty-rows", "500"))) {
            MembershipWalk walk = new MembershipWalk(cluster, seed);
            walk.go(steps);
            log.info("{}", walk);
            assertThat(walk.leadersOfOneTerm())
                    .as("-Dseed=%s", seed)
                    .allSatisfy((term, leaders) ->
                            assertThat(leaders).as("who led in term %s", term).hasSize(1));
        }
    }
}
