package io.coordinator.client.lock;

import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.NotOwnerException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;

/**
 * A counting semaphore with FIFO waiters (B-21): it grants a limited number of permits at a time. A grant without a ttl
 * lasts until it is released or the session ends. Semaphores and locks of one name have nothing to do with each other.
 *
 * <p>The number of permits belongs to the semaphore, not to the handle. {@link #resize} sets it for good. Without that,
 * it is the number of the handle that used the semaphore first, until nobody uses it any more. {@link #inspect} shows
 * it. A handle made with another number is no error.
 *
 * <p>A request for more permits than there are waits for a {@link #resize} to a larger number, and lets others pass;
 * with a wait of 0 it is not granted. If a resize makes a waiting request impossible, that request ends with
 * {@link ValidationException}.
 *
 * <p>{@link LockOptions} give wait, ttl, renewal and contents; reentrant ones are refused with
 * {@link ValidationException}, as is a request for fewer than 1 permit.
 */
public interface DistributedSemaphore {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /**
     * Acquires one permit if there is one and nobody waits; empty otherwise. See {@link #tryAcquire(int, LockOptions)}.
     */
    Optional<Permit> tryAcquire();

    /**
     * Acquires permits, all at once. The wait is 0 unless the options set one.
     *
     * @param permits at least 1; more than there are wait, or with a wait of 0 are not granted
     * @return the grant, or empty if the wait elapsed, even if there never were that many permits
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws ValidationException if it is less than 1, or a resize leaves fewer while it waits
     */
    Optional<Permit> tryAcquire(int permits, LockOptions options);

    /** Acquires one permit, waiting as long as it takes. See {@link #acquire(int, LockOptions)}. */
    Permit acquire();

    /**
     * Acquires permits, waiting as long as it takes. See {@link #acquire(int, LockOptions)}.
     *
     * @param permits as for {@link #acquire(int, LockOptions)}
     */
    Permit acquire(int permits);

    /**
     * Acquires permits, all at once, waiting as long as it takes unless the options set a wait.
     *
     * @param permits at least 1
     * @throws LockTimeoutException if the wait elapsed; nothing is queued or held
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws ValidationException if it is less than 1, or a resize leaves fewer while it waits
     */
    Permit acquire(int permits, LockOptions options);

    /**
     * Gives permits back by the id of their grant (DL-SEM-4).
     *
     * @param grantId as in {@link Permit#grantId()}
     * @return false if the grant is gone
     * @throws NotOwnerException if another session holds them, or nobody ever did; no permit is created
     */
    boolean release(long grantId);

    /**
     * Sets the number of permits for good. If more are held than that, nobody loses one, but none is granted until
     * enough have come back. Waiting requests that have become impossible end with {@link ValidationException}.
     *
     * @param permits from 1 to {@link Integer#MAX_VALUE}
     * @return the number now
     * @throws ValidationException if it is less than 1
     */
    int resize(int permits);

    /**
     * Forgets what {@link #resize} said; a semaphore in use keeps its number until nobody uses it.
     *
     * @return whether there was such a semaphore
     */
    boolean delete();

    /** Who holds permits and who waits. */
    SemaphoreInspection inspect();
}
