package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.SemaphoreInspection;
import java.util.Optional;

/** A semaphore for callers that wait. */
public record BlockingSemaphore(SemaphoreCalls calls) implements DistributedSemaphore {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public Optional<Permit> tryAcquire() {
        return Await.result(calls.tryAcquire());
    }

    @Override
    public Optional<Permit> tryAcquire(int permits, LockOptions options) {
        return Await.result(calls.tryAcquire(permits, options));
    }

    @Override
    public Permit acquire() {
        return Await.result(calls.acquire());
    }

    @Override
    public Permit acquire(int permits) {
        return Await.result(calls.acquire(permits));
    }

    @Override
    public Permit acquire(int permits, LockOptions options) {
        return Await.result(calls.acquire(permits, options));
    }

    @Override
    public boolean release(long grantId) {
        return Await.uninterruptibly(calls.release(grantId));
    }

    @Override
    public int resize(int permits) {
        return Await.result(calls.resize(permits));
    }

    @Override
    public boolean delete() {
        return Await.result(calls.delete());
    }

    @Override
    public SemaphoreInspection inspect() {
        return Await.result(calls.inspect());
    }
}
