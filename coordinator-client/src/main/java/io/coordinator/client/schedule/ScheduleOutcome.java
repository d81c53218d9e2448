package io.coordinator.client.schedule;

import java.time.Instant;
import java.util.List;

/**
 * What came of setting a schedule.
 *
 * @param created false if it was there, perhaps with other options
 * @param nextTimes when it fires next, up to five times, by this process's time zones; none if it fires no more
 */
public record ScheduleOutcome(boolean created, List<Instant> nextTimes) {
    /** Keeps a copy of the times. */
    public ScheduleOutcome {
        nextTimes = List.copyOf(nextTimes);
    }
}
