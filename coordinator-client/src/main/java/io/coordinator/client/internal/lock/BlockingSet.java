package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.lock.MultiLockHandle;
import java.util.List;
import java.util.Optional;

/** A set of locks for callers that wait. */
public record BlockingSet(SetCalls calls) implements MultiLock {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public List<String> names() {
        return calls.names();
    }

    @Override
    public Optional<MultiLockHandle> tryAcquire() {
        return Await.result(calls.tryAcquire());
    }

    @Override
    public Optional<MultiLockHandle> tryAcquire(LockOptions options) {
        return Await.result(calls.tryAcquire(options));
    }

    @Override
    public MultiLockHandle acquire() {
        return Await.result(calls.acquire());
    }

    @Override
    public MultiLockHandle acquire(LockOptions options) {
        return Await.result(calls.acquire(options));
    }
}
