package io.coordinator.client.job;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.option.RetryOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * How a queue gives its jobs to workers, and what it remembers. Immutable: each method returns a changed copy.
 *
 * @param concurrencyMax how many of its jobs run at a time; 0 for as many as workers take
 * @param keyConcurrencyMax how many jobs of one key run at a time; 0 or 1 for one, and then in the order of their
 *     submission; with more, in no order
 * @param retry how jobs are tried again that say nothing else
 * @param retention how long a finished job is remembered: its result, and that its id was used; in milliseconds rounded
 *     up, 0 for an hour
 * @param finishedMax how many finished jobs are remembered; the one that finished first is forgotten. 0 for 10,000, at
 *     most 10,000,000
 * @param jobsMax how many jobs may wait, run or be dead; more are refused. 0 for 1,000,000
 * @param attemptTimeout how long one attempt may take of a job that says nothing else; in milliseconds rounded up, 0
 *     for as long as the session of its worker lives
 * @param paused whether workers get nothing; what runs goes on
 */
public record QueueOptions(
        int concurrencyMax,
        int keyConcurrencyMax,
        RetryOptions retry,
        Duration retention,
        int finishedMax,
        int jobsMax,
        Duration attemptTimeout,
        boolean paused) {
    private static final QueueOptions DEFAULTS =
            new QueueOptions(0, 0, RetryOptions.defaults(), Duration.ZERO, 0, 0, Duration.ZERO, false);

    /**
     * Checks the options.
     *
     * @throws ValidationException if a number or time is negative
     */
    public QueueOptions {
        Arguments.notNegative("concurrencyMax", concurrencyMax);
        Arguments.notNegative("keyConcurrencyMax", keyConcurrencyMax);
        Objects.requireNonNull(retry, "retry");
        Arguments.notNegative("retention", retention);
        Arguments.notNegative("finishedMax", finishedMax);
        Arguments.notNegative("jobsMax", jobsMax);
        Arguments.notNegative("attemptTimeout", attemptTimeout);
    }

    /** What a queue has for which nobody has said anything. */
    public static QueueOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many of its jobs run at a time.
     *
     * @param max 0 for as many as workers take
     */
    public QueueOptions withConcurrencyMax(int max) {
        return new QueueOptions(max, keyConcurrencyMax, retry, retention, finishedMax, jobsMax, attemptTimeout, paused);
    }

    /**
     * How many jobs of one key run at a time.
     *
     * @param max 0 or 1 for one, in order; with more, in no order
     */
    public QueueOptions withKeyConcurrencyMax(int max) {
        return new QueueOptions(concurrencyMax, max, retry, retention, finishedMax, jobsMax, attemptTimeout, paused);
    }

    /** How jobs are tried again that say nothing else. */
    public QueueOptions withRetry(RetryOptions options) {
        return new QueueOptions(
                concurrencyMax, keyConcurrencyMax, options, retention, finishedMax, jobsMax, attemptTimeout, paused);
    }

    /**
     * What is remembered of finished jobs.
     *
     * @param time how long; in milliseconds rounded up, 0 for an hour
     * @param max how many; 0 for 10,000, at most 10,000,000
     */
    public QueueOptions withRetention(Duration time, int max) {
        return new QueueOptions(concurrencyMax, keyConcurrencyMax, retry, time, max, jobsMax, attemptTimeout, paused);
    }

    /**
     * How many jobs may wait, run or be dead.
     *
     * @param max 0 for 1,000,000
     */
    public QueueOptions withJobsMax(int max) {
        return new QueueOptions(
                concurrencyMax, keyConcurrencyMax, retry, retention, finishedMax, max, attemptTimeout, paused);
    }

    /**
     * How long one attempt may take.
     *
     * @param timeout in milliseconds rounded up; 0 for as long as the session of its worker lives
     */
    public QueueOptions withAttemptTimeout(Duration timeout) {
        return new QueueOptions(
                concurrencyMax, keyConcurrencyMax, retry, retention, finishedMax, jobsMax, timeout, paused);
    }

    /** Whether workers get nothing. */
    public QueueOptions withPaused(boolean pause) {
        return new QueueOptions(
                concurrencyMax, keyConcurrencyMax, retry, retention, finishedMax, jobsMax, attemptTimeout, pause);
    }
}
