package io.coordinator.client;

import java.time.Duration;

/**
 * How a {@link CallbackQueue} takes its locks (DL-OPT-2 … DL-OPT-5). Immutable: each method returns a changed copy.
 *
 * @param lockTimeout how long a lock of {@code once} and {@code multi} lasts unless extended; at least 1 ms
 * @param retries how often an attempt is repeated, which gives the time to wait: retries × delay; 0 or more
 * @param delay the time between attempts; 0 or more
 * @param lockPrefix the namespace of the locks, and the start of their keys in messages
 */
public record CallbackQueueOptions(Duration lockTimeout, int retries, Duration delay, String lockPrefix) {
    /**
     * Checks the options.
     *
     * @throws ValidationException naming the one that is out of range
     */
    public CallbackQueueOptions {
        Arguments.positive("lock.timeout", lockTimeout);
        Arguments.notNegative("lock.delay", delay);
        if (retries < 0) {
            throw new ValidationException("lock.retries must not be negative, but is " + retries);
        }
        Arguments.notEmpty("lockPrefix", lockPrefix);
    }

    /** A timeout of 10 s, 2 retries after 100 ms each, prefix {@code dlock}. */
    public static CallbackQueueOptions defaults() {
        return new CallbackQueueOptions(Duration.ofSeconds(10), 2, Duration.ofMillis(100), "dlock");
    }

    /** With another life time of locks. */
    public CallbackQueueOptions lockTimeout(Duration timeout) {
        return new CallbackQueueOptions(timeout, retries, delay, lockPrefix);
    }

    /** With another number of retries. */
    public CallbackQueueOptions retries(int count) {
        return new CallbackQueueOptions(lockTimeout, count, delay, lockPrefix);
    }

    /** With another time between attempts. */
    public CallbackQueueOptions delay(Duration time) {
        return new CallbackQueueOptions(lockTimeout, retries, time, lockPrefix);
    }

    /** With locks in another namespace. */
    public CallbackQueueOptions lockPrefix(String prefix) {
        return new CallbackQueueOptions(lockTimeout, retries, delay, prefix);
    }

    /** How long an acquire waits in line: retries × delay. */
    public Duration patience() {
        return delay.multipliedBy(retries);
    }
}
