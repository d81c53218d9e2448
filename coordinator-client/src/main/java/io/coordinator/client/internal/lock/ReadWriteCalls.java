package io.coordinator.client.internal.lock;

import io.coordinator.client.lock.AsyncDistributedReadWriteLock;

/** A lock for readers and writers: two ways to hold one lock. */
public record ReadWriteCalls(LockCalls readLock, LockCalls writeLock) implements AsyncDistributedReadWriteLock {
    @Override
    public String namespace() {
        return writeLock.namespace();
    }

    @Override
    public String name() {
        return writeLock.name();
    }
}
