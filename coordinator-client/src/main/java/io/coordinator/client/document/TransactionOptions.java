package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Objects;

/**
 * How a transaction runs. Immutable: each method returns a changed copy.
 *
 * @param mode whether transactions wait for each other
 * @param timeout how long it may hold the document's lock, of all its runs together (DJ-TX-3); more than 0, in
 *     milliseconds rounded up; over 146 years count as that
 * @param waitTimeout how long it waits for others (DJ-TX-5); 0 or less tries once; in milliseconds rounded up; over
 *     146 years count as that
 * @param retries how often it runs again after a conflict; 0 or more
 */
public record TransactionOptions(Mode mode, Duration timeout, Duration waitTimeout, int retries) {
    /** Whether transactions wait for each other. */
    public enum Mode {
        /** First come, first served, under a lock of the document. Single edits are not held up by it. */
        PESSIMISTIC,
        /** Nobody waits; whoever is faster wins, and the others run again. */
        OPTIMISTIC
    }

    private static final TransactionOptions DEFAULTS =
            new TransactionOptions(Mode.PESSIMISTIC, Duration.ofSeconds(5), Duration.ofSeconds(5), 10);

    /**
     * Checks the options.
     *
     * @throws ValidationException if the timeout is 0 or less, or the number of retries negative
     */
    public TransactionOptions {
        Objects.requireNonNull(mode, "mode");
        Arguments.positive("timeout", timeout);
        waitTimeout = Times.wait(waitTimeout);
        if (retries < 0) {
            throw new ValidationException("retries must not be negative, but is " + retries);
        }
    }

    /** Pessimistic, 5 s to run, 5 s to wait, 10 retries. */
    public static TransactionOptions defaults() {
        return DEFAULTS;
    }

    /** Without a lock; see {@link Mode#OPTIMISTIC}. */
    public TransactionOptions optimistic() {
        return new TransactionOptions(Mode.OPTIMISTIC, timeout, waitTimeout, retries);
    }

    /**
     * With another time to run.
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public TransactionOptions timeout(Duration time) {
        return new TransactionOptions(mode, time, waitTimeout, retries);
    }

    /**
     * With another time to wait for others.
     *
     * @param time 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    public TransactionOptions waitTimeout(Duration time) {
        return new TransactionOptions(mode, timeout, time, retries);
    }

    /**
     * With another number of further runs after conflicts.
     *
     * @param count 0 or more; 0 runs it once
     * @throws ValidationException if it is negative
     */
    public TransactionOptions retries(int count) {
        return new TransactionOptions(mode, timeout, waitTimeout, count);
    }
}
