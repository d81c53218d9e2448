package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@CoordinatorCluster(processes = true)
class ProcessClusterTest extends ClusterContract {

    @Test
    void aPausedLeaderIsReplacedAndFollowsWhenResumed(ProcessCluster cluster) {
        String old = cluster.awaitLeader();
        cluster.pause(old);
        assertThat(cluster.status(old)).isEmpty();
        cluster.awaitLeaderOtherThan(old);
        cluster.resume(old);
        cluster.awaitEqualDigests();
    }
}
