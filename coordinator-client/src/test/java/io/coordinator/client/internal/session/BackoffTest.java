package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final long MILLI = 1_000_000;

    private double random = 1;
    private final Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(1_000), () -> random);

    private long pauseMillis(int retry, long capMillis) {
        return backoff.pauseNanos(retry, capMillis * MILLI) / MILLI;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5000, 10",
        "1, 5000, 20",
        "2, 5000, 40",
        "6, 5000, 640",
        "7, 5000, 1000",
        "1000000, 5000, 1000",
        "7, 300, 300",
        "0, 3, 3",
    })
    void pausesDoubleUpToTheLowerOfTheCaps(int retry, long capMillis, long expected) {
        random = 1;
        assertThat(pauseMillis(retry, capMillis)).isEqualTo(expected);
        random = 0;
        assertThat(pauseMillis(retry, capMillis)).isEqualTo(expected / 2);
        random = 0.5;
        assertThat(backoff.pauseNanos(retry, capMillis * MILLI)).isEqualTo(expected * MILLI * 3 / 4);
    }

    @Test
    void thoseWhoLostANodeAtOneMomentGoOnAtDifferentOnes() {
        random = 0;
        assertThat(backoff.spreadNanos(100 * MILLI)).isZero();
        random = 0.5;
        assertThat(backoff.spreadNanos(100 * MILLI)).isEqualTo(50 * MILLI);
        assertThat(backoff.spreadNanos(MILLI)).as("at least the shortest pause").isEqualTo(5 * MILLI);
    }
}
