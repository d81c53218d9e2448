package io.coordinator.compat;

import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How {@link LockMethods#wrap} guards calls (DJ-LM-2, A-12). Immutable: each method returns a changed copy.
 *
 * @param acquireTimeout how long a call waits for the lock; 0 or less tries once; in milliseconds rounded up; over 146
 *     years count as that
 * @param holdTtl how long the lock outlives its last renewal; more than 0, in milliseconds rounded up; over 146 years
 *     count as that
 * @param autoRenew whether the lock is renewed while the call runs
 * @param maxExecution how long a call may run, or null for as long as it takes; more than 0, in milliseconds rounded
 *     up; over 146 years count as that; see
 *     {@link #executionLimit()}
 */
public record LockMethodOptions(
        Duration acquireTimeout,
        Duration holdTtl,
        boolean autoRenew,
        @Nullable Duration maxExecution) {
    /**
     * Checks the options.
     *
     * @throws ValidationException naming the one that is out of range
     */
    public LockMethodOptions {
        acquireTimeout = Checks.wait(acquireTimeout);
        Checks.positive("holdTtl", holdTtl);
        if (maxExecution != null) {
            Checks.positive("maxExecution", maxExecution);
        }
    }

    /** Waits 10 s, holds 10 s, renewed while the call runs, without a limit of execution. */
    public static LockMethodOptions defaults() {
        return lockTimeout(Duration.ofSeconds(10));
    }

    /**
     * The single option of old, which is both the time to wait and the ttl.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public static LockMethodOptions lockTimeout(Duration timeout) {
        return new LockMethodOptions(timeout, timeout, true, null);
    }

    /**
     * With another time to wait.
     *
     * @param timeout 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    public LockMethodOptions acquireTimeout(Duration timeout) {
        return new LockMethodOptions(timeout, holdTtl, autoRenew, maxExecution);
    }

    /**
     * With another ttl.
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public LockMethodOptions holdTtl(Duration ttl) {
        return new LockMethodOptions(acquireTimeout, ttl, autoRenew, maxExecution);
    }

    /** With renewal while the call runs, or without. */
    public LockMethodOptions autoRenew(boolean renew) {
        return new LockMethodOptions(acquireTimeout, holdTtl, renew, maxExecution);
    }

    /**
     * With a limit of execution: calls then run on the client's work executor. A caller that is interrupted leaves at
     * once; its call goes on under the lock until it ends or the limit is reached.
     *
     * @param limit more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public LockMethodOptions maxExecution(Duration limit) {
        return new LockMethodOptions(acquireTimeout, holdTtl, autoRenew, limit);
    }

    /** How long a call may run, more than 0; empty if as long as it takes. */
    public Optional<Duration> executionLimit() {
        return Optional.ofNullable(maxExecution);
    }
}
