package io.coordinator.server.schedule;

import static io.coordinator.server.schedule.ScheduledCore.job;
import static io.coordinator.server.schedule.ScheduledCore.millis;
import static io.coordinator.server.schedule.ScheduledCore.setting;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions with which the library of cron fails in some months, or at once. */
@Feature("B-41")
class UntellableTimesTest {
    private final ScheduledCore core = new ScheduledCore();

    /** In November; an older version may have let it in. */
    @Test
    void aScheduleThatCannotBeToldHoldsUpNoOther() {
        String set = "2026-11-30T02:30:00Z";
        core.send(set, setting("bad", job().setCron(CronTiming.newBuilder().setExpression("0 0 31W 1,11 *"))));
        core.set(set, "good", job().setCron(CronTiming.newBuilder().setExpression("0 * * * *")));
        ScheduledCore.Leader leader = core.leader("2026-11-30T03:00:00Z");
        leader.round();
        assertThat(core.fired("good")).containsExactly("2026-11-30T03:00:00Z");
        assertThat(core.look("bad").getProgress().getNextMillis()).isEqualTo(millis("2026-11-30T03:01:00Z"));
        leader.clock("2026-11-30T04:00:00Z");
        leader.round();
        assertThat(core.fired("good")).containsExactly("2026-11-30T03:00:00Z", "2026-11-30T04:00:00Z");
        assertThat(core.fired("bad")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 31W 2 *", "0 0 30W * *"})
    void itIsRefusedWhenItIsSet(String expression) {
        assertThat(ScheduleRules.refuse(
                        setting("s", job().setCron(CronTiming.newBuilder().setExpression(expression)))
                                .build()))
                .get()
                .extracting(Error::getCode)
                .isEqualTo(ErrorCode.EINVAL);
    }
}
