package io.coordinator.client;

import java.time.Duration;

/**
 * How a transaction runs. Immutable: each method returns a changed copy.
 *
 * @param mode whether transactions wait for each other
 * @param timeout how long it may hold the document's lock, of all its runs together (DJ-TX-3)
 * @param waitTimeout how long it waits for others (DJ-TX-5)
 * @param retries how often it runs again after a conflict
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

    public TransactionOptions {
        Arguments.positive("timeout", timeout);
        Arguments.notNegative("waitTimeout", waitTimeout);
        if (retries < 0) {
            throw new ValidationException("retries must not be negative, but is " + retries);
        }
    }

    /** Pessimistic, 5 s to run, 5 s to wait, 10 retries. */
    public static TransactionOptions defaults() {
        return DEFAULTS;
    }

    public TransactionOptions optimistic() {
        return new TransactionOptions(Mode.OPTIMISTIC, timeout, waitTimeout, retries);
    }

    public TransactionOptions timeout(Duration time) {
        return new TransactionOptions(mode, time, waitTimeout, retries);
    }

    public TransactionOptions waitTimeout(Duration time) {
        return new TransactionOptions(mode, timeout, time, retries);
    }

    public TransactionOptions retries(int count) {
        return new TransactionOptions(mode, timeout, waitTimeout, count);
    }
}
