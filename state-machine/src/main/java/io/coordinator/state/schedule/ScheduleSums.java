package io.coordinator.state.schedule;

import io.coordinator.protocol.ScheduleRow;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Sums over the schedules that there are, kept as they change, since there can be very many. Derived from rows. */
final class ScheduleSums {
    private long paused;
    private long fired;
    private long misfired;
    private long skipped;

    /** One row for another, or for none. */
    void set(@Nullable ScheduleRow before, @Nullable ScheduleRow after) {
        if (before != null) {
            add(before, -1);
        }
        if (after != null) {
            add(after, 1);
        }
    }

    private void add(ScheduleRow row, int sign) {
        paused += row.getSettings().getPaused() ? sign : 0;
        fired += sign * row.getFired();
        misfired += sign * row.getMisfired();
        skipped += sign * row.getSkipped();
    }

    void count(ObjLongConsumer<String> counts) {
        counts.accept("schedulesPaused", paused);
        counts.accept("schedulesFired", fired);
        counts.accept("schedulesMisfired", misfired);
        counts.accept("schedulesSkipped", skipped);
    }
}
