package io.coordinator.server.schedule;

import static io.coordinator.server.schedule.ScheduledCore.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** Leaders that look late, or not for a while, at schedules of every second. */
@Feature({"B-41", "EL-USE-2"})
class LateLooksTest {
    private final ScheduledCore core = new ScheduledCore();

    private static ScheduleSettings.Builder everySecond() {
        return job().setEveryMillis(1_000);
    }

    @Test
    void aLateLookFiresNothingThatIsNotDueYet() {
        core.set("2026-01-05T03:00:00Z", "s", everySecond());
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00.950Z");
        leader.round();
        leader.clock("2026-01-05T03:00:02.999Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:01Z", "2026-01-05T03:00:02Z");
        leader.clock("2026-01-05T03:00:03Z");
        leader.round();
        assertThat(core.fired("s")).hasSize(3).endsWith("2026-01-05T03:00:03Z");
    }

    /** A proposal that was refused holds its schedule up, but not for ever if the clock jumps back meanwhile. */
    @Test
    void aRefusalIsForgottenWhenTheClockJumpsBack() {
        core.set("2026-01-05T03:00:00Z", "s", everySecond());
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        leader.round();
        leader.clock("2026-01-05T03:00:01Z");
        core.quota(core.stateBytes());
        assertThat(leader.round()).isEqualTo(1);
        core.quota(0);
        leader.clock("2026-01-05T02:00:00Z");
        leader.round();
        leader.clock("2026-01-05T03:00:01.100Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:01Z");
    }
}
