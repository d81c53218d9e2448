package io.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixed rates, single dates, and what is refused. */
@Feature("B-41")
class TimingsTest {
    private static NominalTimes every(long everyMillis, long startMillis, long setDateMillis) {
        return Timings.of(
                ScheduleSettings.newBuilder()
                        .setEveryMillis(everyMillis)
                        .setStartDateMillis(startMillis)
                        .build(),
                setDateMillis);
    }

    @Test
    void aFixedRateIsCountedFromItsStart() {
        NominalTimes times = every(1_000, 50_500, 7);
        assertThat(times.after(0)).hasValue(50_500);
        assertThat(times.after(50_499)).hasValue(50_500);
        assertThat(times.after(50_500, 3)).containsExactly(51_500L, 52_500L, 53_500L);
        assertThat(times.after(51_499)).hasValue(51_500);
    }

    @Test
    void aFixedRateWithoutStartIsCountedFromWhenItWasSet() {
        NominalTimes times = every(1_000, 0, 50_500);
        assertThat(times.after(50_500, 2)).containsExactly(51_500L, 52_500L);
        assertThat(times.after(49_999)).hasValue(50_500);
        assertThat(times.after(0)).hasValue(500);
    }

    @Test
    void noTimeBehindTheYear9999() {
        assertThat(every(Long.MAX_VALUE, 0, 1_000).after(1_000)).isEmpty();
        assertThat(every(1_000, 0, 0).after(Timings.DATE_MILLIS_MAX)).isEmpty();
        assertThat(every(1_000, 0, 0).after(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void oneDateIsOneTime() {
        NominalTimes times =
                Timings.of(ScheduleSettings.newBuilder().setAtDateMillis(5_000).build(), 0);
        assertThat(times.after(0, 3)).containsExactly(5_000L);
        assertThat(times.after(4_999)).hasValue(5_000);
        assertThat(times.after(5_000)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                | has no fields",
                "0 3 * *           | has 4 fields",
                "0 3 * * * * *     | has 7 fields",
                "60 3 * * *        | is not understood",
                "0 24 * * *        | is not understood",
                "0 0 0 * *         | is not understood",
                "0 0 32 * *        | is not understood",
                "0 0 * 13 *        | is not understood",
                "0 0 * * 8         | is not understood",
                "x y z a b         | is not understood",
                "@never            | has 1 field",
                "-5 * * * *        | is not understood",
                "*/0 * * * *       | is not understood",
                "5-1 * * * *       | is not understood",
                "0 0 30 2 *        | never fires",
                "0 0 31 4,6,9,11 * | never fires",
            })
    void cronThatIsNone(String expression, String problem) {
        ScheduleSettings settings = ScheduleSettings.newBuilder()
                .setCron(CronTiming.newBuilder().setExpression(expression))
                .build();
        assertThatExceptionOfType(TimingException.class)
                .isThrownBy(() -> Timings.of(settings, 0))
                .withMessageStartingWith("cron: \"" + expression + "\" ")
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.field()).isEqualTo("cron"));
    }

    @Test
    void aZoneThatIsNone() {
        ScheduleSettings settings = ScheduleSettings.newBuilder()
                .setCron(CronTiming.newBuilder().setExpression("0 3 * * *").setZone("Europe/Atlantis"))
                .build();
        assertThatExceptionOfType(TimingException.class)
                .isThrownBy(() -> Timings.of(settings, 0))
                .withMessageContaining("Europe/Berlin")
                .satisfies(e -> assertThat(e.field()).isEqualTo("zone"));
    }

    @Test
    void otherTimingsThatAreNone() {
        assertRefused("every", ScheduleSettings.newBuilder().setEveryMillis(999));
        assertRefused("every", ScheduleSettings.newBuilder().setEveryMillis(-1));
        assertRefused(
                "start", ScheduleSettings.newBuilder().setEveryMillis(1_000).setStartDateMillis(-1));
        assertRefused("at", ScheduleSettings.newBuilder().setAtDateMillis(0));
        assertRefused("at", ScheduleSettings.newBuilder().setAtDateMillis(Timings.DATE_MILLIS_MAX + 1));
        assertRefused("timing", ScheduleSettings.newBuilder());
    }

    private static void assertRefused(String field, ScheduleSettings.Builder settings) {
        assertThatExceptionOfType(TimingException.class)
                .isThrownBy(() -> Timings.of(settings.build(), 0))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
