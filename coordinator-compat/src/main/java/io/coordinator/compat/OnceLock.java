package io.coordinator.compat;

import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;

/** A lock of a {@link CallbackQueue}, with its errors and their texts (DL-LOCK-1 … DL-LOCK-3). */
public interface OnceLock extends AutoCloseable {
    /** The prefix and the id, as they are in messages. */
    String key();

    /** The id; the lock's name. */
    String id();

    /** Whether it is certainly held, by local knowledge and the local clock. */
    boolean isHeld();

    /** The fencing token of the last grant, also after it has ended; at least 1. */
    long token();

    /**
     * Acquires it again after a release or the end of its ttl.
     *
     * @throws LockAcquisitionException {@code Lock already held} by this instance, or
     *     {@code Could not acquire lock on "<key>"} if somebody else has it
     */
    void acquire();

    /** Extends it by the queue's lock timeout from now. See {@link #extend(Duration)}. */
    void extend();

    /**
     * Sets its end to now plus {@code time}.
     *
     * @param time 0 stands for the queue's lock timeout; in milliseconds rounded up; over 146 years count as that; a
     *     negative one is refused
     * @throws LockExtendException {@code Lock has not been acquired}, or {@code Lock on "<key>" had expired}
     * @throws ValidationException {@code Int time is required to extend lock} if it is negative
     */
    void extend(Duration time);

    /**
     * Releases it.
     *
     * @throws LockReleaseException {@code Lock has not been acquired}, also if it was released before, or
     *     {@code Lock on "<key>" had expired}
     */
    void release();

    /** Releases it without complaints. Idempotent. */
    @Override
    void close();
}
