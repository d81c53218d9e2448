package io.coordinator.compat;

import io.coordinator.client.error.ValidationException;
import java.time.Duration;

/**
 * How a {@link CallbackQueue} takes its locks (DL-OPT-2 … DL-OPT-5). Immutable: each method returns a changed copy.
 *
 * @param lockTimeout how long a lock of {@code once} and {@code multi} lasts unless extended; more than 0, in
 *     milliseconds rounded up; over 146 years count as that
 * @param retries how often an attempt is repeated, which gives the time to wait: retries × delay; 0 or more
 * @param delay the time between attempts; what is negative counts as 0; in milliseconds rounded up; over 146 years
 *     count as that
 * @param lockPrefix the namespace of the locks, and the start of their keys in messages; a
 *     {@linkplain io.coordinator.client name}
 */
public record CallbackQueueOptions(Duration lockTimeout, int retries, Duration delay, String lockPrefix) {
    /**
     * Checks the options.
     *
     * @throws ValidationException naming the one that is out of range
     */
    public CallbackQueueOptions {
        Checks.positive("lock.timeout", lockTimeout);
        delay = Checks.wait(delay);
        Checks.count("lock.retries", retries);
        Checks.name("lockPrefix", lockPrefix);
    }

    /** A timeout of 10 s, 2 retries after 100 ms each, prefix {@code dlock}. */
    public static CallbackQueueOptions defaults() {
        return new CallbackQueueOptions(Duration.ofSeconds(10), 2, Duration.ofMillis(100), "dlock");
    }

    /**
     * With another life time of locks.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public CallbackQueueOptions lockTimeout(Duration timeout) {
        return new CallbackQueueOptions(timeout, retries, delay, lockPrefix);
    }

    /**
     * With another number of retries.
     *
     * @param count 0 or more; 0 tries once
     * @throws ValidationException if it is negative
     */
    public CallbackQueueOptions retries(int count) {
        return new CallbackQueueOptions(lockTimeout, count, delay, lockPrefix);
    }

    /**
     * With another time between attempts.
     *
     * @param time what is negative counts as 0, which tries once; in milliseconds rounded up; over 146 years count as
     *     that
     */
    public CallbackQueueOptions delay(Duration time) {
        return new CallbackQueueOptions(lockTimeout, retries, time, lockPrefix);
    }

    /**
     * With locks in another namespace.
     *
     * @param prefix a {@linkplain io.coordinator.client name}
     * @throws ValidationException if it is none
     */
    public CallbackQueueOptions lockPrefix(String prefix) {
        return new CallbackQueueOptions(lockTimeout, retries, delay, prefix);
    }

    /** How long an acquire waits in line: retries × delay, from 0, which tries once, to 146 years. */
    public Duration patience() {
        return Checks.times(delay, retries);
    }
}
