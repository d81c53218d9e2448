package io.coordinator.client.schedule;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires, and what each firing is to do. Immutable: each method returns a changed copy.
 *
 * @param timing when it fires
 * @param queue where its jobs go; must be named before the schedule is set
 * @param payload of each job: any value that can be written as JSON, or null
 * @param key of each job: those of one key run one at a time and in order; empty for none
 * @param priority of each job: higher ones run first
 * @param attemptTimeout how long one attempt may take, in milliseconds rounded up; 0 as the queue says
 * @param misfire what becomes of times at which no leader could fire
 * @param misfiresMax how many missed times {@link Misfire#FIRE_ALL} makes up for, the latest ones; up to 100
 * @param overlap what becomes of a firing while an earlier job waits or runs
 * @param jitter each job is delayed by a part of this that depends on the name and the time: in milliseconds rounded
 *     up, at most a day; 0 for none
 * @param paused whether a schedule that is made now is paused; one that is there stays as it is
 */
public record ScheduleOptions(
        ScheduleTiming timing,
        String queue,
        @Nullable Object payload,
        String key,
        int priority,
        Duration attemptTimeout,
        Misfire misfire,
        int misfiresMax,
        Overlap overlap,
        Duration jitter,
        boolean paused) {
    private static final int MISFIRES = 10;

    /** What becomes of times that were missed by more than five seconds, since no leader could fire. */
    public enum Misfire {
        /** The last of them fires, unless a time has come since that is not missed. */
        FIRE_ONCE,
        /** None fires. */
        FIRE_NONE,
        /** The latest ones fire, as many as {@link ScheduleOptions#misfiresMax}. */
        FIRE_ALL
    }

    /** What becomes of a firing while an earlier job of the schedule waits or runs. */
    public enum Overlap {
        /** It waits in the queue. */
        QUEUE,
        /** It is skipped, and counted as such. */
        SKIP,
        /** Earlier jobs are cancelled: those that wait are over, and workers are told to stop the others. */
        CANCEL_EARLIER
    }

    /**
     * Checks the options, but for the timing.
     *
     * @throws ValidationException if a number or time is negative
     */
    public ScheduleOptions {
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(misfire, "misfire");
        Objects.requireNonNull(overlap, "overlap");
        Arguments.notNegative("misfiresMax", misfiresMax);
        checkTime("attemptTimeout", attemptTimeout);
        checkTime("jitter", jitter);
    }

    private static void checkTime(String name, Duration time) {
        if (Objects.requireNonNull(time, name).isNegative()) {
            throw new ValidationException(name + " must not be negative, but is " + time);
        }
    }

    private static ScheduleOptions of(ScheduleTiming timing) {
        return new ScheduleOptions(
                timing,
                "",
                null,
                "",
                0,
                Duration.ZERO,
                Misfire.FIRE_ONCE,
                MISFIRES,
                Overlap.QUEUE,
                Duration.ZERO,
                false);
    }

    /**
     * By a cron expression, in UTC.
     *
     * @param expression minute, hour, day of month, month and day of week, or six fields with seconds first; or {@code
     *     @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}
     */
    public static ScheduleOptions cron(String expression) {
        return cron(expression, "UTC");
    }

    /**
     * By a cron expression in a time zone. A time of the day that clocks skip fires right after it, and one that they
     * show twice fires the first time; with {@code *} as its hours, it is a rate that goes on through both.
     *
     * @param expression see {@link #cron(String)}
     * @param zone a name of the tz database, such as {@code Europe/Berlin}
     */
    public static ScheduleOptions cron(String expression, String zone) {
        return of(new ScheduleTiming.Cron(expression, zone));
    }

    /**
     * At a fixed rate, counted from when the schedule is set.
     *
     * @param interval a second or more, in milliseconds rounded up; 0 is refused
     */
    public static ScheduleOptions every(Duration interval) {
        return of(new ScheduleTiming.Every(interval, null));
    }

    /**
     * At a fixed rate from a first time.
     *
     * @param interval a second or more, in milliseconds rounded up; 0 is refused
     */
    public static ScheduleOptions every(Duration interval, Instant start) {
        return of(new ScheduleTiming.Every(interval, Objects.requireNonNull(start, "start")));
    }

    /**
     * Once, at this date; at once if it has passed. A schedule of that name that has fired at a later date does not go
     * back: it does not fire then. Delete it first, or trigger it.
     */
    public static ScheduleOptions at(Instant date) {
        return of(new ScheduleTiming.At(date));
    }

    /** Where its jobs go: a queue of the schedule's namespace. */
    public ScheduleOptions queue(String newQueue) {
        return copy(newQueue, payload, key, priority, attemptTimeout, misfire, misfiresMax);
    }

    /** What each job has with it: any value that can be written as JSON, or null. */
    public ScheduleOptions payload(@Nullable Object newPayload) {
        return copy(queue, newPayload, key, priority, attemptTimeout, misfire, misfiresMax);
    }

    /** Jobs of one key run one at a time and in order; empty for no key. */
    public ScheduleOptions key(String newKey) {
        return copy(queue, payload, newKey, priority, attemptTimeout, misfire, misfiresMax);
    }

    /**
     * Jobs of a higher priority run first.
     *
     * @param newPriority any number; 0 unless told otherwise
     */
    public ScheduleOptions priority(int newPriority) {
        return copy(queue, payload, key, newPriority, attemptTimeout, misfire, misfiresMax);
    }

    /**
     * How long one attempt may take.
     *
     * @param time in milliseconds rounded up; 0 as the queue says
     */
    public ScheduleOptions attemptTimeout(Duration time) {
        return copy(queue, payload, key, priority, time, misfire, misfiresMax);
    }

    /** What becomes of times at which no leader could fire. */
    public ScheduleOptions misfire(Misfire policy) {
        return copy(queue, payload, key, priority, attemptTimeout, policy, misfiresMax);
    }

    /**
     * Missed times fire, the latest ones.
     *
     * @param most at most so many, from 1 to 100
     */
    public ScheduleOptions fireMissed(int most) {
        Arguments.positive("most", most);
        return copy(queue, payload, key, priority, attemptTimeout, Misfire.FIRE_ALL, most);
    }

    /** What becomes of a firing while an earlier job waits or runs. */
    public ScheduleOptions overlap(Overlap policy) {
        return new ScheduleOptions(
                timing, queue, payload, key, priority, attemptTimeout, misfire, misfiresMax, policy, jitter, paused);
    }

    /**
     * Delays each job by a part of this that depends on the name and the time, so that many schedules of one time do
     * not run at once.
     *
     * @param most at most a day, in milliseconds rounded up; 0 for none
     */
    public ScheduleOptions jitter(Duration most) {
        return new ScheduleOptions(
                timing, queue, payload, key, priority, attemptTimeout, misfire, misfiresMax, overlap, most, paused);
    }

    /** Whether a schedule that is made now is paused. */
    public ScheduleOptions paused(boolean whether) {
        return new ScheduleOptions(
                timing, queue, payload, key, priority, attemptTimeout, misfire, misfiresMax, overlap, jitter, whether);
    }

    private ScheduleOptions copy(
            String newQueue,
            @Nullable Object newPayload,
            String newKey,
            int newPriority,
            Duration newAttemptTimeout,
            Misfire newMisfire,
            int newMisfiresMax) {
        return new ScheduleOptions(
                timing,
                newQueue,
                newPayload,
                newKey,
                newPriority,
                newAttemptTimeout,
                newMisfire,
                newMisfiresMax,
                overlap,
                jitter,
                paused);
    }
}
