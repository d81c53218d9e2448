package io.coordinator.client.lock;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import java.util.List;
import java.util.Optional;

/**
 * A set of locks of one namespace, acquired, extended and released together: all or none in one entry of the log
 * (B-07). Whoever waits for a set holds nothing meanwhile, so sets cannot deadlock each other, whatever the order of
 * their names. The longest waiter is served first.
 *
 * <p>The locks are those of {@link CoordinatorClient#lock(String)}.
 */
public interface MultiLock {
    /** The namespace. */
    String namespace();

    /** The locks, without duplicates and empty names (DL-MULTI-1, DL-MULTI-3). */
    List<String> names();

    /**
     * Acquires all if all are free and nobody waits for one of them.
     *
     * @return the grant, or empty if any of the locks is not free
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     */
    Optional<MultiLockHandle> tryAcquire();

    /**
     * As {@link #tryAcquire()}, with options. The wait is 0 unless they set one.
     *
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     */
    Optional<MultiLockHandle> tryAcquire(LockOptions options);

    /**
     * Acquires all, waiting as long as it takes.
     *
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws RequestTimeoutException if the cluster did not take the request in time
     */
    MultiLockHandle acquire();

    /**
     * Acquires all with options, waiting as long as it takes unless they set a wait.
     *
     * @throws MultiLockException if the wait elapsed; nothing is held
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     */
    MultiLockHandle acquire(LockOptions options);
}
