package io.coordinator.client.internal.lock;

import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedReadWriteLock;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

/** A lock for readers and writers that wait. */
public record BlockingReadWrite(DistributedLock readLock, DistributedLock writeLock)
        implements DistributedReadWriteLock {
    @Override
    public String namespace() {
        return writeLock.namespace();
    }

    @Override
    public String name() {
        return writeLock.name();
    }

    @Override
    public ReadWriteLock asReadWriteLock() {
        return new Adapter(readLock.asLock(), writeLock.asLock());
    }

    private record Adapter(Lock readLock, Lock writeLock) implements ReadWriteLock {}
}
