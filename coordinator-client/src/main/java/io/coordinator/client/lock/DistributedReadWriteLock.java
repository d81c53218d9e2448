package io.coordinator.client.lock;

import io.coordinator.client.CoordinatorClient;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * A lock that many readers or one writer hold (B-19). First come, first served: a reader that comes after a waiting
 * writer waits behind it, so writers do not starve. It is the same lock as {@link CoordinatorClient#lock(String)} of
 * that name, which is its write lock.
 */
public interface DistributedReadWriteLock {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /** Held together with other readers. Each grant has its own token. */
    DistributedLock readLock();

    /** Held alone; its handles can be {@linkplain LockHandle#downgrade() downgraded} to readers. */
    DistributedLock writeLock();

    /** This lock as one of {@code java.util.concurrent}; see {@link DistributedLock#asLock()} for what that means. */
    ReadWriteLock asReadWriteLock();
}
