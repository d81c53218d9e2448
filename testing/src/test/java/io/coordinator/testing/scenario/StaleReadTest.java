package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.ReadConsistency;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader that was paused past its lease, or cut off from the majority, never answers a read with what is no longer true.
 * Ratis' own linearizable reads fail this.
 */
@CoordinatorCluster(processes = true)
class StaleReadTest {
    private static final Logger log = LoggerFactory.getLogger(StaleReadTest.class);
    private static final int ROUNDS = 6;
    private static final int READS = 64;

    @Test
    @Feature({"G-2", "B-03"})
    void aLeaderPausedPastItsLeaseNeverAnswersReadsThatWaitedInItsSockets(
            ProcessCluster cluster, CoordinatorClient writer) {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String old = cluster.awaitLeader();
            writer.cache().put("paused", 2L * round);
            try (RawReads raw = RawReads.connect(cluster.clientAddress(old))) {
                // Warm connection and lease: the reads must find an open stream and a leader that believes in itself.
                assertThat(raw.get("paused").join()).hasValue(2L * round);
                cluster.pause(old);
                List<CompletableFuture<OptionalLong>> waiting = raw.get("paused", READS);
                cluster.awaitLeaderOtherThan(old);
                writer.cache().put("paused", 2L * round + 1);
                cluster.resume(old);
                for (CompletableFuture<OptionalLong> read : waiting) {
                    OptionalLong value = Waiting.get(read);
                    refused += value.isEmpty() ? 1 : 0;
                    assertThat(value.orElse(2L * round + 1))
                            .as("round %s: a read answered by %s after its pause", round, old)
                            .isEqualTo(2L * round + 1);
                }
            }
        }
        log.info("{} of {} reads were refused, the others were fresh", refused, ROUNDS * READS);
    }

    @Test
    @Feature({"S-35", "G-2"})
    void aLeaderCutOffFromTheMajorityAnswersNeitherReadsNorWrites(ProcessCluster cluster, CoordinatorClient writer) {
        String old = cluster.awaitLeader();
        writer.cache().put("cut", 1);
        try (RawReads raw = RawReads.connect(cluster.clientAddress(old))) {
            assertThat(raw.get("cut").join()).hasValue(1);
            cluster.peers().isolate(old);
            cluster.awaitLeaderOtherThan(old);
            writer.cache().put("cut", 2);
            // While the old leader believes in itself and after it has stepped down.
            Waiting.await("a while")
                    .during(Duration.ofSeconds(3))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> raw.get("cut")
                            .completeOnTimeout(OptionalLong.empty(), 200, java.util.concurrent.TimeUnit.MILLISECONDS)
                            .join()
                            .isEmpty());
            assertThat(cluster.status(old).orElseThrow().getServing()).isFalse();
        }
        cluster.peers().heal();
        assertThat(writer.cache()
                        .withConsistency(ReadConsistency.QUORUM)
                        .get("cut")
                        .orElseThrow()
                        .value()
                        .longValue())
                .isEqualTo(2);
    }
}
