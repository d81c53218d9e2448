package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Span;
import io.coordinator.state.kernel.Took;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators are told of schedules. A second replica, restored before each entry, answers alike. */
@Feature({"B-41", "PM-STAT-1"})
class ScheduleFiguresTest extends ScheduleScript {
    /** There are, are paused, have fired, were missed, were skipped. */
    private void schedules(long there, long paused, long fired, long misfired, long skipped) {
        Stats stats = query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance())))
                .getSession()
                .getStats();
        assertThat(List.of(
                        count(stats, "schedules"),
                        count(stats, "schedulesPaused"),
                        count(stats, "schedulesFired"),
                        count(stats, "schedulesMisfired"),
                        count(stats, "schedulesSkipped")))
                .containsExactly(there, paused, fired, misfired, skipped);
    }

    @Test
    void timesAreCountedByWhatBecameOfThem() {
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        schedules(1, 0, 0, 0, 0);
        fire(1_000);
        schedules(1, 0, 1, 0, 0);
        fire(2_000);
        schedules(1, 0, 1, 0, 1);
        propose(advance().setMisfired(3));
        schedules(1, 0, 1, 3, 1);
        pause(true);
        schedules(1, 1, 1, 3, 1);
        trigger();
        schedules(1, 1, 2, 3, 1);
        pause(false);
        schedules(1, 0, 2, 3, 1);
        session("a").send(schedule(b -> b.setDelete(DeleteSchedule.getDefaultInstance())));
        schedules(0, 0, 0, 0, 0);
    }

    @Test
    void howLateATimeFiresIsToldIfItFires() {
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        date(1_040);
        fire(1_000);
        Name name = Name.of(Actor.NAMESPACE, SCHEDULE);
        assertThat(last().took()).containsExactly(new Took(DataKind.SCHEDULE, Span.LATENESS, name, 40));
        date(2_000);
        fire(2_000);
        assertThat(last().took()).as("skipped").isEmpty();
        trigger();
        assertThat(last().took()).as("no time of its own").isEmpty();
        join("w", 2);
        assertThat(last().took()).extracting(Took::data).containsOnly(DataKind.JOB);
    }

    /** The date of another leader was behind. */
    @Test
    void whatFiresEarlyIsNotLate() {
        set(everySecond());
        date(900);
        fire(1_000);
        assertThat(last().took()).extracting(Took::millis).containsExactly(0L);
    }
}
