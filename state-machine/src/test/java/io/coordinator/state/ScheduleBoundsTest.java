package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.ScheduleReply.OutcomeCase;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules at their limits. */
@Feature({"B-41", "G-15"})
@Tag("slow")
class ScheduleBoundsTest extends ScheduleScript {
    private static final int SCHEDULES_MAX = 100_000;

    @BeforeEach
    void oneReplica() {
        withoutShadow();
    }

    private Outcome setNamed(String name) {
        session("a").acks(session("a").sent().getSeq());
        return session("a")
                .send(schedule(
                        b -> b.setName(name).setSet(SetSchedule.newBuilder().setSettings(everySecond()))));
    }

    @Test
    void aHundredThousandSchedulesAndNoMore() {
        for (int i = 0; i < SCHEDULES_MAX; i++) {
            setNamed("s" + i).gives(OutcomeCase.SET);
        }
        assertThat(count("schedules")).isEqualTo(SCHEDULES_MAX);
        setNamed("more").refused(ErrorCode.ENOSPACE, "100000 schedules").changes();
        // Those that are there can be set.
        setNamed("s7").gives(OutcomeCase.SET);
        session("a").send(schedule(b -> b.setName("s8").setDelete(DeleteSchedule.getDefaultInstance())));
        setNamed("more").gives(OutcomeCase.SET);
        assertThat(due(1)).as("a page").hasSize(100);
    }

    private void fireMany(int from, int to) {
        for (int i = from; i < to; i += 100) {
            assertThat(fire(LongStream.rangeClosed(i + 1, i + 100)
                            .map(n -> n * 1_000)
                            .toArray()))
                    .isEqualTo(100);
        }
    }

    /** The newest first; each later firing goes on with it. */
    @Test
    @Feature("C-09")
    void veryManyEarlierJobsAreCancelledBitByBit() {
        set(everySecond());
        fireMany(0, 1_500);
        set(everySecond(OverlapPolicy.CANCEL_EARLIER));
        fire(2_000_000);
        assertThat(steps()).isLessThan(3 * Budget.SLICE_STEPS);
        long left = queue().getWaiting() - 1;
        assertThat(left).isBetween(500L, 1_490L);
        assertThat(state("s@1970-01-01T00:25:00Z")).isEqualTo(JobState.CANCELED);
        int firings = 1;
        while (queue().getWaiting() > 1) {
            firings++;
            assertThat(fire(2_000_000 + firings * 1_000L)).isEqualTo(1);
            assertThat(firings).isLessThan(100);
        }
        assertThat(look().getUnfinished()).isEqualTo(1);
    }

    /** One runs, behind very many that were purged and are not removed yet. */
    @Test
    @Feature("C-09")
    void aJobThatRunsHoldsUpTheNextAlsoDuringAPurge() {
        set(everySecond());
        join("w", 1);
        fire(1_000);
        JobAssigned first = givenOne("w", "s@1970-01-01T00:00:01Z");
        fireMany(100, 300);
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(fire(1_000_000)).isZero();
        assertThat(told()).contains("SKIPPED s {\"time\":\"1970-01-01T00:16:40Z\",\"reason\":\"OVERLAP\"}");
        drain();
        assertThat(fire(1_001_000)).isZero();
        succeed("w", first);
        assertThat(fire(1_002_000)).isEqualTo(1);
    }
}
