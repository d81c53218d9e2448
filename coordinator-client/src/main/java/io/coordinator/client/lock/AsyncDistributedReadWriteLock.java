package io.coordinator.client.lock;

/** The asynchronous face of a {@link DistributedReadWriteLock}. */
public interface AsyncDistributedReadWriteLock {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /** See {@link DistributedReadWriteLock#readLock()}. */
    AsyncDistributedLock readLock();

    /** See {@link DistributedReadWriteLock#writeLock()}. */
    AsyncDistributedLock writeLock();
}
