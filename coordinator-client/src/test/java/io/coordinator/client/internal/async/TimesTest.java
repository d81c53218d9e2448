package io.coordinator.client.internal.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@Feature({"C-20", "C-23", "U-04"})
class TimesTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration NEVER = Duration.ofSeconds(Long.MIN_VALUE);

    @Test
    void partOfAMillisecondIsAWholeOne() {
        assertThat(Times.millis(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Times.millis(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(Times.millis(Duration.ofNanos(1_000_001))).isEqualTo(2);
        assertThat(Times.millis(Duration.ofSeconds(1).minusNanos(1))).isEqualTo(1_000);
        assertThat(Times.millis(Duration.ofSeconds(3))).isEqualTo(3_000);
        assertThat(Times.nanos(Duration.ofNanos(1))).isEqualTo(1_000_000);
    }

    @Test
    void whatIsNotPositiveIsNone() {
        assertThat(Times.millis(Duration.ZERO)).isZero();
        assertThat(Times.millis(Duration.ofNanos(-1))).isZero();
        assertThat(Times.millis(NEVER)).isZero();
        assertThat(Times.nanos(NEVER)).isZero();
        assertThat(Times.wait(NEVER)).isZero();
        assertThat(Times.wait(FOREVER)).isEqualTo(FOREVER);
    }

    @Test
    void whatIsHugeIsTheLongest() {
        Duration longest = Duration.ofMillis(Times.MILLIS_MAX);
        assertThat(Times.millis(longest)).isEqualTo(Times.MILLIS_MAX);
        assertThat(Times.millis(longest.minusMillis(1_000))).isEqualTo(Times.MILLIS_MAX - 1_000);
        assertThat(Times.millis(longest.plusNanos(1))).isEqualTo(Times.MILLIS_MAX);
        assertThat(Times.millis(FOREVER)).isEqualTo(Times.MILLIS_MAX);
        assertThat(Times.millis(Duration.ofMillis(Long.MAX_VALUE))).isEqualTo(Times.MILLIS_MAX);
        assertThat(Times.nanos(FOREVER) + Times.nanos(FOREVER)).isPositive();
    }

    @Test
    void aDeadlineLiesAhead() {
        for (long now : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1}) {
            long never = Times.deadline(now, Long.MAX_VALUE);
            assertThat(never).isGreaterThan(now);
            assertThat(never - now).as("left, from %s", now).isPositive();
            assertThat(Times.deadline(now, 1)).isEqualTo(now + 1);
        }
    }

    @Test
    void productsSaturate() {
        assertThat(Times.multiply(Duration.ofMillis(100), 30)).isEqualTo(Duration.ofSeconds(3));
        assertThat(Times.multiply(FOREVER, 0)).isZero();
        assertThat(Times.multiply(NEVER, 3)).isZero();
        assertThat(Times.multiply(FOREVER, 2)).isEqualTo(Duration.ofMillis(Times.MILLIS_MAX));
        assertThat(Times.multiply(Duration.ofDays(1), Integer.MAX_VALUE))
                .isEqualTo(Duration.ofMillis(Times.MILLIS_MAX));
    }

    @Test
    void aTimeThatMustPassIsMoreThanNone() {
        assertThat(Times.positive("ttl", Duration.ofNanos(1))).isEqualTo(Duration.ofNanos(1));
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), NEVER}) {
            assertThatThrownBy(() -> Times.positive("ttl", none))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("ttl must be more than 0, but is " + none);
        }
    }
}
