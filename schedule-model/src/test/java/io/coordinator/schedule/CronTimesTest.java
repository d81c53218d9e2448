package io.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.testing.feature.Feature;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cron, and what it does on the days on which clocks are changed. */
@Feature({"B-41", "EL-USE-2"})
class CronTimesTest {
    private static NominalTimes cron(String expression, String zone) {
        return Timings.of(
                ScheduleSettings.newBuilder()
                        .setCron(CronTiming.newBuilder()
                                .setExpression(expression)
                                .setZone(zone))
                        .build(),
                0);
    }

    private static List<String> next(String expression, String zone, String after, int count) {
        return cron(expression, zone).after(Instant.parse(after).toEpochMilli(), count).stream()
                .map(millis -> Instant.ofEpochMilli(millis).toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 3 * * *          | 2026-01-05T02:59:59.999Z | 2026-01-05T03:00:00Z",
                "0 3 * * *          | 2026-01-05T03:00:00Z     | 2026-01-06T03:00:00Z",
                "*/15 * * * *       | 2026-01-05T03:01:00Z     | 2026-01-05T03:15:00Z",
                "*/10 * * * * *     | 2026-01-05T03:01:01Z     | 2026-01-05T03:01:10Z",
                "* * * * * *        | 2026-01-05T03:01:01.500Z | 2026-01-05T03:01:02Z",
                "0 9 * * MON-FRI    | 2026-01-02T10:00:00Z     | 2026-01-05T09:00:00Z",
                "0 9 * * 0          | 2026-01-02T10:00:00Z     | 2026-01-04T09:00:00Z",
                "0 9 * * 7          | 2026-01-02T10:00:00Z     | 2026-01-04T09:00:00Z",
                "0 9 * * SUN        | 2026-01-02T10:00:00Z     | 2026-01-04T09:00:00Z",
                "0 0 31 * *         | 2026-02-01T00:00:00Z     | 2026-03-31T00:00:00Z",
                "0 0 29 2 *         | 2026-02-01T00:00:00Z     | 2028-02-29T00:00:00Z",
                "0 0 L * *          | 2026-02-01T00:00:00Z     | 2026-02-28T00:00:00Z",
                "0 0 1 JAN *        | 2026-02-01T00:00:00Z     | 2027-01-01T00:00:00Z",
                "0 0 0 ? * MON      | 2026-01-02T00:00:00Z     | 2026-01-05T00:00:00Z",
                "@hourly            | 2026-01-02T00:00:00Z     | 2026-01-02T01:00:00Z",
                "@daily             | 2026-01-02T00:00:00Z     | 2026-01-03T00:00:00Z",
                "@weekly            | 2026-01-02T00:00:00Z     | 2026-01-04T00:00:00Z",
                "@monthly           | 2026-01-02T00:00:00Z     | 2026-02-01T00:00:00Z",
                "@yearly            | 2026-01-02T00:00:00Z     | 2027-01-01T00:00:00Z",
                "5,10-12,50/5 0 * * * | 2026-01-02T00:12:00Z   | 2026-01-02T00:50:00Z",
            })
    void theNextTime(String expression, String after, String expected) {
        assertThat(next(expression, "", after, 1)).containsExactly(expected);
    }

    /** As cron has it since Unix: one of the two is enough. */
    @Test
    void dayOfMonthOrDayOfWeek() {
        assertThat(next("0 0 13 * FRI", "UTC", "2026-03-01T00:00:00Z", 4))
                .containsExactly(
                        "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z", "2026-03-27T00:00:00Z");
    }

    @Test
    void aDateBefore1970() {
        assertThat(cron("0 0 * * *", "").after(-1)).hasValue(0);
        assertThat(cron("0 0 * * *", "").after(-1_500)).hasValue(0);
    }

    @Test
    void noTimeBehindTheYear9999() {
        assertThat(next("0 0 31 12 *", "", "9999-12-30T00:00:00Z", 5)).containsExactly("9999-12-31T00:00:00Z");
        assertThat(cron("0 0 * * *", "").after(Long.MAX_VALUE)).isEmpty();
    }

    // ---- a time of the day ----

    /** 02:30 is skipped once a year: then it is the first instant after it. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin,       30 2 * * *, 2026-03-28T00:00:00Z, "
                + "2026-03-28T01:30:00Z, 2026-03-29T01:00:00Z, 2026-03-30T00:30:00Z",
        "America/New_York,    30 2 * * *, 2026-03-07T00:00:00Z, "
                + "2026-03-07T07:30:00Z, 2026-03-08T07:00:00Z, 2026-03-09T06:30:00Z",
        "Australia/Lord_Howe, 15 2 * * *, 2026-10-02T20:00:00Z, "
                + "2026-10-03T15:30:00Z, 2026-10-04T15:15:00Z, 2026-10-05T15:15:00Z",
    })
    void aTimeThatClocksSkipFiresRightAfterIt(
            String zone, String expression, String after, String first, String second, String third) {
        List<String> next = next(expression, zone, after, 4);
        assertThat(next).contains(first, second, third);
        assertThat(next).doesNotHaveDuplicates();
    }

    /** 02:30 comes twice once a year: the first one counts. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin,       30 2 * * *, 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "America/New_York,    30 1 * * *, 2026-10-31T12:00:00Z, 2026-11-01T05:30:00Z, 2026-11-02T06:30:00Z",
        "Australia/Lord_Howe, 45 1 * * *, 2026-04-04T00:00:00Z, 2026-04-04T14:45:00Z, 2026-04-05T15:15:00Z",
    })
    void aTimeThatComesTwiceFiresOnce(String zone, String expression, String after, String first, String second) {
        assertThat(next(expression, zone, after, 2)).containsExactly(first, second);
    }

    /** Whatever the date that is asked for, within the hour that comes twice too. */
    @Test
    void notAgainInTheSecondPass() {
        assertThat(next("0,30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1))
                .containsExactly("2026-10-26T01:00:00Z");
        assertThat(next("0,30 2 * * *", "Europe/Berlin", "2026-10-25T00:10:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z");
    }

    /** Several that are skipped, and one that lies right behind them, fire together, and that is once. */
    @Test
    void allThatIsSkippedIsOneFiring() {
        assertThat(next("*/20 2-3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4))
                .containsExactly(
                        "2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z", "2026-03-29T01:40:00Z", "2026-03-30T00:00:00Z");
    }

    // ---- a rate ----

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
    void everyTenMinutesIsThatThroughoutTheYear(String zone) {
        long from = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        NominalTimes times = cron("*/10 * * * *", zone);
        long next = from;
        for (int i = 1; i <= 366 * 144; i++) {
            next = times.after(next).orElseThrow();
            assertThat(next).isEqualTo(from + i * 600_000L);
        }
    }

    @Test
    void halfPastIsNotFiredWhenItIsSkipped() {
        assertThat(next("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z");
        assertThat(next("15 * * * *", "Australia/Lord_Howe", "2026-10-03T14:00:00Z", 2))
                .containsExactly("2026-10-03T14:45:00Z", "2026-10-03T16:15:00Z");
        assertThat(next("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 3))
                .containsExactly("2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z");
    }

    // ---- always ----

    /** Whoever asks from wherever gets the same times: what follows a date is the first of those that follow it. */
    @ParameterizedTest
    @ValueSource(strings = {"*/7 * * * *", "13 */3 * * *", "0 2 * * *", "30 1,2 * * *", "59 23 L * *", "15 10 * * 6L"})
    void timesRiseAndDoNotDependOnWhereOneStarts(String expression) {
        Random random = new Random(41);
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")) {
            NominalTimes times = cron(expression, zone);
            for (int i = 0; i < 200; i++) {
                ZonedDateTime around = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of(zone))
                        .plusMinutes(random.nextInt(365 * 24 * 60));
                long from = around.toInstant().toEpochMilli();
                long first = times.after(from).orElseThrow();
                long second = times.after(first).orElseThrow();
                assertThat(first)
                        .as("%s in %s after %s", expression, zone, around)
                        .isGreaterThan(from);
                assertThat(second).isGreaterThan(first);
                assertThat(times.after(first - 1)).hasValue(first);
                long between = from + (long) (random.nextDouble() * (first - from));
                assertThat(times.after(Math.min(between, first - 1))).hasValue(first);
            }
        }
    }
}
