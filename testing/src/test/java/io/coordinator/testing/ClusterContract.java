package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.NodeStatusReply;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the verbs of a cluster promise, whatever its nodes run in. */
abstract class ClusterContract {

    @Test
    void aKilledLeaderIsReplacedAndComesBack(Cluster cluster) {
        String old = cluster.awaitLeader();
        cluster.kill(old);
        assertThat(cluster.alive()).doesNotContain(old).hasSize(2);
        assertThat(cluster.status(old)).isEmpty();
        assertThat(cluster.awaitLeaderOtherThan(old)).isIn(cluster.alive());
        cluster.start(old);
        cluster.awaitEqualDigests();
    }

    @Test
    void anIsolatedLeaderIsReplacedAndFollowsWhenHealed(Cluster cluster) {
        String old = cluster.awaitLeader();
        cluster.peers().isolate(old);
        String next = cluster.awaitLeaderOtherThan(old);
        await().atMost(Duration.ofSeconds(20)).until(() -> !status(cluster, old).getServing());
        cluster.peers().heal();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        status(cluster, old).getTerm() == status(cluster, next).getTerm());
        cluster.awaitEqualDigests();
    }

    @Test
    void aLeaderThatCannotSendIsReplaced(Cluster cluster) {
        String old = cluster.awaitLeader();
        for (String follower : cluster.followers()) {
            cluster.peers().cutOneWay(old, follower);
        }
        cluster.awaitLeaderOtherThan(old);
    }

    @Test
    void aLeaderThatStopsHandsOver(Cluster cluster) {
        String old = cluster.awaitLeader();
        cluster.stop(old);
        cluster.awaitLeaderOtherThan(old);
        cluster.start(old);
        cluster.awaitEqualDigests();
    }

    @Test
    void aNodeThatLostItsDiskIsFilledByTheOthers(Cluster cluster) {
        String follower = cluster.followers().get(0);
        cluster.kill(follower);
        cluster.wipe(follower);
        assertThat(cluster.dataDirectory(follower)).doesNotExist();
        cluster.start(follower);
        cluster.awaitEqualDigests();
    }

    private static NodeStatusReply status(Cluster cluster, String node) {
        return cluster.status(node).orElseThrow();
    }
}
