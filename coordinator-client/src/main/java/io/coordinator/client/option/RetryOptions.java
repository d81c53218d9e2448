package io.coordinator.client.option;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;

/**
 * How often a job is tried, and how long the next attempt waits. Immutable: each method returns a changed copy.
 *
 * <p>After attempt n the next one waits {@code backoff × factor^(n-1)}, at most {@code backoffMax}. Of this a part is
 * left out that depends on the job and the attempt, so that jobs which failed together are not tried again together.
 *
 * @param attemptsMax so many attempts have failed when the job is dead; from 1
 * @param backoff how long the second attempt waits; more than 0, in milliseconds rounded up
 * @param backoffMax how long an attempt waits at most; more than 0, in milliseconds rounded up
 * @param factorPercent by how much longer each one waits than the one before, from 100 to 10,000: 200 for twice as long
 * @param jitterPercent up to how much of that is left out, from 0 to 100
 */
public record RetryOptions(
        int attemptsMax, Duration backoff, Duration backoffMax, int factorPercent, int jitterPercent) {
    private static final int PERCENT_MAX = 100;
    private static final int FACTOR_MAX = 10_000;
    private static final RetryOptions DEFAULTS =
            new RetryOptions(5, Duration.ofSeconds(1), Duration.ofMinutes(5), 200, 20);

    /**
     * Checks the options.
     *
     * @throws ValidationException if a number or time is outside its bounds
     */
    public RetryOptions {
        Arguments.positive("attemptsMax", attemptsMax);
        Arguments.positive("backoff", backoff);
        Arguments.positive("backoffMax", backoffMax);
        within("factorPercent", PERCENT_MAX, FACTOR_MAX, factorPercent);
        within("jitterPercent", 0, PERCENT_MAX, jitterPercent);
    }

    private static void within(String name, int least, int most, int value) {
        if (value < least || value > most) {
            throw new ValidationException(name + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /** Five attempts; a second between the first two, then twice as long each time, at most five minutes. */
    public static RetryOptions defaults() {
        return DEFAULTS;
    }

    /** One attempt: a job that fails is dead. */
    public static RetryOptions never() {
        return DEFAULTS.withAttemptsMax(1);
    }

    /**
     * How many attempts.
     *
     * @param max from 1
     */
    public RetryOptions withAttemptsMax(int max) {
        return new RetryOptions(max, backoff, backoffMax, factorPercent, jitterPercent);
    }

    /**
     * How long attempts wait.
     *
     * @param first how long the second attempt waits; more than 0, in milliseconds rounded up
     * @param longest how long an attempt waits at most; more than 0, in milliseconds rounded up
     */
    public RetryOptions withBackoff(Duration first, Duration longest) {
        return new RetryOptions(attemptsMax, first, longest, factorPercent, jitterPercent);
    }

    /**
     * By how much longer each attempt waits than the one before.
     *
     * @param percent from 100, for equally long, to 10,000
     */
    public RetryOptions withFactorPercent(int percent) {
        return new RetryOptions(attemptsMax, backoff, backoffMax, percent, jitterPercent);
    }

    /**
     * Up to how much of the wait is left out.
     *
     * @param percent from 0 to 100
     */
    public RetryOptions withJitterPercent(int percent) {
        return new RetryOptions(attemptsMax, backoff, backoffMax, factorPercent, percent);
    }
}
