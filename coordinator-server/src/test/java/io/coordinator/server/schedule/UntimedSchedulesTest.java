package io.coordinator.server.schedule;

import static io.coordinator.server.schedule.ScheduledCore.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many schedules a leader says that it cannot time; another leader may have set them, with newer time zones. */
@Feature({"B-41", "PM-STAT-1"})
class UntimedSchedulesTest {
    private static final String SET = "2026-01-05T02:00:00Z";

    private final ScheduledCore core = new ScheduledCore();
    private final ScheduledCore.Leader leader = core.leader(SET);

    private void set(String name, String zone) {
        core.send(
                SET,
                ScheduledCore.setting(
                        name,
                        job().setCron(CronTiming.newBuilder()
                                .setExpression("0 * * * *")
                                .setZone(zone))));
    }

    @BeforeEach
    void twoOfThreeAreInAZoneThatThisLeaderDoesNotKnow() {
        set("a", "Europe/Atlantis");
        set("b", "Europe/Atlantis");
        set("c", "Europe/Berlin");
        assertThat(leader.untimed()).isZero();
        leader.round();
        assertThat(leader.untimed()).isEqualTo(2);
    }

    @Test
    void theyCountAsLongAsTheyCannotBeTimed() {
        for (int minute = 1; minute < 10; minute++) {
            leader.clock("2026-01-05T02:0" + minute + ":01Z");
            assertThat(leader.untimed()).isEqualTo(2);
            leader.round();
            assertThat(leader.untimed()).isEqualTo(2);
        }
    }

    @Test
    void oneThatIsSetAnewCountsNoMore() {
        set("a", "Europe/Berlin");
        leader.round();
        assertThat(leader.untimed()).isEqualTo(1);
    }

    /** Of one that was deleted, or is another leader's by now, nobody hears anything. */
    @Test
    void oneThatIsNotLookedAtAnyMoreCountsForTwoMinutes() {
        core.send(
                SET,
                Command.newBuilder()
                        .setSchedule(ScheduleCommand.newBuilder()
                                .setNamespace(ScheduledCore.NAMESPACE)
                                .setName("a")
                                .setDelete(DeleteSchedule.getDefaultInstance())));
        leader.clock("2026-01-05T02:01:00Z");
        leader.round();
        leader.clock("2026-01-05T02:02:00Z");
        assertThat(leader.untimed()).isEqualTo(2);
        leader.clock("2026-01-05T02:02:00.001Z");
        assertThat(leader.untimed()).isEqualTo(1);
        leader.leads(false);
        leader.clock("2026-01-05T02:05:00Z");
        assertThat(leader.untimed()).isZero();
    }

    @Test
    void aClockThatGoesBackDoesNotKeepThem() {
        leader.leads(false);
        leader.clock("2026-01-05T01:00:00Z");
        assertThat(leader.untimed()).isZero();
    }
}
