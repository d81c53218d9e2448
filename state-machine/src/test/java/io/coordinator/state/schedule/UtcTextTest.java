package io.coordinator.state.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dates as the library of the JDK writes them. */
@Feature("B-41")
class UtcTextTest {
    private static final int DAY = 86_400_000;

    @Test
    void everyDayFrom1970To2500() {
        for (long date = 0; date < 530L * 366 * DAY; date += DAY) {
            assertThat(UtcText.of(date)).isEqualTo(Instant.ofEpochMilli(date).toString());
            assertThat(UtcText.of(date + DAY - 1))
                    .isEqualTo(Instant.ofEpochMilli(date + DAY - 1).toString());
        }
    }

    @Test
    void anyTimeOfDay() {
        Random random = new Random(41);
        for (int i = 0; i < 20_000; i++) {
            long date = (long) (random.nextDouble() * ScheduleLimits.DATE_MILLIS_MAX);
            long second = date - date % 1_000;
            assertThat(UtcText.of(date)).isEqualTo(Instant.ofEpochMilli(date).toString());
            assertThat(UtcText.of(second))
                    .isEqualTo(Instant.ofEpochMilli(second).toString());
        }
        assertThat(UtcText.of(ScheduleLimits.DATE_MILLIS_MAX)).isEqualTo("9999-12-31T23:59:59.999Z");
    }
}
