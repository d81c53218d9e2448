package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What deadlines are, and when they have passed. */
@Feature("G-3")
class ContextTest {
    private static final String NEVER = "9223372036854775807";

    private static Context at(long nowMillis) {
        return new Context(1, nowMillis, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 0, 0",
        "1000, -1, 0",
        "1000, 1, 1001",
        "1000, 9223372036854774807, " + NEVER,
        "1000, 9223372036854774808, " + NEVER,
        "1000, " + NEVER + ", " + NEVER,
        "0, " + NEVER + ", " + NEVER,
    })
    void aDeadlineLiesAheadAndNeverOverflows(long now, long millis, long expected) {
        assertThat(at(now).deadlineAfter(millis)).isEqualTo(expected);
    }

    @Test
    void aDeadlineHasPassedWhenItsTimeHasComeAndNoneNeverDoes() {
        assertThat(at(999).isPast(1_000)).isFalse();
        assertThat(at(1_000).isPast(1_000)).isTrue();
        assertThat(at(1_001).isPast(1_000)).isTrue();
        assertThat(at(1_000).isPast(0)).isFalse();
    }

    @Test
    @Feature("A-24")
    void whatSlidesLivesATenthLongerThanItMustSoThatNotEachAccessIsLogged() {
        long expiry = Sliding.expiry(at(1_000), 1_000);
        assertThat(expiry).isEqualTo(2_100);
        assertThat(Sliding.isDue(at(1_100), expiry, 1_000)).isFalse();
        assertThat(Sliding.isDue(at(1_101), expiry, 1_000)).isTrue();
        assertThat(Sliding.isDue(at(1_101), expiry, 0)).isFalse();
        assertThat(Sliding.expiry(at(1_000), Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(Sliding.expiry(at(1_000), Long.MAX_VALUE - 5)).isEqualTo(Long.MAX_VALUE);
    }
}
