package io.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cronutils.model.time.ExecutionTime;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.testing.feature.Feature;
import java.lang.reflect.Proxy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The weekday next to a day, which the library cannot tell at the end of a month. */
@Feature({"B-41", "EL-USE-2"})
class CronWeekdaysTest {
    private static final long YEAR_2027 = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();

    private static NominalTimes cron(String expression) {
        return Timings.of(
                ScheduleSettings.newBuilder()
                        .setCron(CronTiming.newBuilder().setExpression(expression))
                        .build(),
                0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 28W * *",
                "0 0 29W * *",
                "0 0 30W * *",
                "0 0 31W 1,11 *",
                "0 0 1,31W * *",
                "0 0 31w 1 *",
                "0 0 0 31W 2 *"
            })
    void aDayWithWhichSomeMonthEndsIsRefused(String expression) {
        assertThatThrownBy(() -> cron(expression))
                .isInstanceOf(TimingException.class)
                .hasMessageContaining("LW");
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 27W 2 *, 2027-02-26T00:00:00Z",
        "0 0 LW 2 *, 2027-02-26T00:00:00Z",
        "0 0 1W 5 *, 2027-05-03T00:00:00Z"
    })
    void othersFireOnTheNextWeekdayOfTheirMonth(String expression, String fires) {
        assertThat(cron(expression).after(YEAR_2027))
                .hasValue(Instant.parse(fires).toEpochMilli());
    }

    @Test
    void whatTheLibraryCannotTellIsNamed() {
        ExecutionTime failing = (ExecutionTime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExecutionTime.class}, (proxy, method, arguments) -> {
                    throw new DateTimeException("Invalid date");
                });
        for (boolean everyHour : new boolean[] {true, false}) {
            NominalTimes times = new CronTimes(new CronFields(failing, everyHour), ZoneOffset.UTC.getRules());
            assertThatThrownBy(() -> times.after(YEAR_2027))
                    .isInstanceOf(TimingException.class)
                    .hasMessageContaining("2027-01-01T00:00")
                    .hasMessageContaining("Invalid date");
        }
    }
}
