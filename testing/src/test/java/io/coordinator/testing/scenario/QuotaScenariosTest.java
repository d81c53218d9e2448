package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.QuotaExceededException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** A full cluster refuses what grows it, and goes on with everything else. */
@CoordinatorCluster(config = "state-bytes-max=3000000")
class QuotaScenariosTest {

    @Test
    @Feature("R-17")
    void aFullStateRefusesGrowthAndHealsByItself(Cluster cluster, CoordinatorClient client) {
        Waiting.await("the quota").until(() -> client.stats().stateBytesMax() == 3_000_000);
        Cache cache = client.namespace("full").cache();
        LockHandle held = client.lock("held").acquire();
        String value = "x".repeat(100_000);
        int stored = putUntilRefused(cache, value);
        assertThat(stored).isBetween(15, 30);
        assertThatThrownBy(() -> cache.put("more", value))
                .isInstanceOfSatisfying(QuotaExceededException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ENOSPACE);
                    assertThat(e.retryable()).isTrue();
                })
                .hasMessageContaining("state-bytes-max");
        assertThat(cache.get("k0")).isPresent();
        cache.put("k0", "small"); // What shrinks it is welcome.
        held.release();
        for (int i = 0; i < stored; i++) {
            cache.delete("k" + i);
        }
        cache.put("more", value);
        cluster.kill(cluster.awaitLeader());
        assertThat(cache.get("more")).isPresent();
        assertThat(putUntilRefused(cache, value)).isBetween(15, 30);
        cluster.repair();
        cluster.awaitEqualDigests();
        cache.clear("");
    }

    private static int putUntilRefused(Cache cache, String value) {
        for (int i = 0; i < 200; i++) {
            try {
                cache.put("k" + i, value);
            } catch (QuotaExceededException e) {
                return i;
            }
        }
        throw new AssertionError("never refused");
    }
}
