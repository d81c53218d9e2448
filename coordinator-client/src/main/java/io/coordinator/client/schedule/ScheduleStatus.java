package io.coordinator.client.schedule;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the cluster has it.
 *
 * @param namespace of the schedule and its queue
 * @param name of the schedule
 * @param options its payload as a {@code JsonNode}
 * @param paused whether it is paused now
 * @param next when it fires next; null if it does no more, is paused, or the leader has not looked at it yet
 * @param last the nominal time of its last firing; null if there was none
 * @param fired how often it has fired, those that were triggered with them
 * @param misfired how many times were missed; of very many at once, a thousand
 * @param skipped how many times were skipped: an earlier job was not finished, or the queue was full
 * @param unfinished how many of its jobs wait or run
 * @param lastJobId the job of its last firing; null if there was none
 */
public record ScheduleStatus(
        String namespace,
        String name,
        ScheduleOptions options,
        boolean paused,
        @Nullable Instant next,
        @Nullable Instant last,
        long fired,
        long misfired,
        long skipped,
        long unfinished,
        @Nullable String lastJobId) {
    /** When it fires next, if that is known. */
    public Optional<Instant> nextTime() {
        return Optional.ofNullable(next);
    }

    /** The nominal time of its last firing. */
    public Optional<Instant> lastTime() {
        return Optional.ofNullable(last);
    }
}
