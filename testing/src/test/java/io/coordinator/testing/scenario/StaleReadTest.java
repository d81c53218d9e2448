package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.history.RegisterModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A leader that was paused past its lease, or cut off from the majority, never answers a read with what is no longer true.
 * Ratis' own linearizable reads fail this; {@link PositiveControlTest} shows that these tests would notice.
 */
@CoordinatorCluster(processes = true)
class StaleReadTest {
    private static final int ROUNDS = 5;
    private static final Duration BUDGET = Duration.ofSeconds(20);
    /** It stays with its leader until that says goodbye, and is not lost if the machine is busy. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Test
    @Feature({"G-2", "B-03"})
    void aLeaderPausedPastItsLeaseNeverAnswersReadsThatWaitedInItsSockets(
            ProcessCluster cluster, CoordinatorClient writer) {
        LeadershipTraps traps = new LeadershipTraps(cluster, writer, "reads from a paused leader");
        for (int round = 0; round < ROUNDS; round++) {
            traps.pausedLeader("paused");
        }
        traps.history().assertLinearizable(new RegisterModel(), BUDGET);
    }

    @Test
    @Feature({"S-35", "G-2"})
    void aLeaderCutOffFromTheMajorityAnswersNeitherReadsNorWrites(ProcessCluster cluster) {
        CoordinatorClient writer = cluster.client(settings -> settings.sessionLease(LEASE));
        LeadershipTraps traps = new LeadershipTraps(cluster, writer, "reads from an isolated leader");
        String old = cluster.awaitLeader();
        traps.isolatedLeader("cut", Duration.ofSeconds(2));
        traps.history().assertLinearizable(new RegisterModel(), BUDGET);
        assertThat(cluster.awaitLeader()).isNotEqualTo(old);
    }
}
