package io.coordinator.state.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.RetryPolicy;
import io.coordinator.testing.feature.Feature;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@Feature("B-26")
class RetryDelaysTest {
    private static final RetryPolicy PLAIN =
            RetryPolicy.newBuilder().setNoJitter(true).build();

    @Test
    void eachDelayIsTwiceTheOneBeforeAndNoMoreThanFiveMinutes() {
        assertThat(IntStream.of(1, 2, 3, 9, 10, 1_000, -1).mapToLong(n -> RetryDelays.millis(PLAIN, 7, n)))
                .containsExactly(1_000L, 2_000L, 4_000L, 256_000L, 300_000L, 300_000L, 300_000L);
    }

    @Test
    void aPolicySaysHowFastTheyGrowAndHowFar() {
        RetryPolicy policy = PLAIN.toBuilder()
                .setBackoffMillis(10)
                .setFactorPercent(150)
                .setBackoffMaxMillis(30)
                .build();
        assertThat(IntStream.of(1, 2, 3, 4).mapToLong(n -> RetryDelays.millis(policy, 7, n)))
                .containsExactly(10L, 15L, 22L, 30L);
        RetryPolicy constant = PLAIN.toBuilder().setFactorPercent(100).build();
        assertThat(RetryDelays.millis(constant, 7, Integer.MAX_VALUE)).isEqualTo(1_000);
        RetryPolicy least = PLAIN.toBuilder().setFactorPercent(1).build();
        assertThat(RetryDelays.millis(least, 7, 50)).isEqualTo(1_000);
        RetryPolicy most = PLAIN.toBuilder()
                .setBackoffMillis(Long.MAX_VALUE)
                .setBackoffMaxMillis(Long.MAX_VALUE)
                .build();
        assertThat(RetryDelays.millis(most, 7, 3)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPartIsLeftOutThatDependsOnJobAndAttempt() {
        RetryPolicy policy = RetryPolicy.getDefaultInstance();
        long[] delays = LongStream.rangeClosed(1, 1_000)
                .map(ticket -> RetryDelays.millis(policy, ticket, 1))
                .toArray();
        assertThat(LongStream.of(delays)).allMatch(delay -> delay >= 800 && delay <= 1_000);
        assertThat(LongStream.of(delays).distinct().count()).isGreaterThan(150);
        assertThat(LongStream.of(delays).average().orElseThrow()).isBetween(890.0, 910.0);
        assertThat(RetryDelays.millis(policy, 5, 1)).isEqualTo(delays[4]);
        RetryPolicy all = RetryPolicy.newBuilder().setJitterPercent(-1).build();
        assertThat(RetryDelays.millis(all, 5, 1)).isBetween(0L, 1_000L);
    }
}
