package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.FenceMode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** A lock for callers that wait. */
public record BlockingLock(LockCalls calls) implements DistributedLock {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public Optional<LockHandle> tryAcquire() {
        return Await.result(calls.tryAcquire());
    }

    @Override
    public Optional<LockHandle> tryAcquire(Duration wait) {
        return Await.result(calls.tryAcquire(wait));
    }

    @Override
    public Optional<LockHandle> tryAcquire(LockOptions options) {
        return Await.result(calls.tryAcquire(options));
    }

    @Override
    public LockHandle acquire() {
        return Await.result(calls.acquire());
    }

    @Override
    public LockHandle acquire(LockOptions options) {
        return Await.result(calls.acquire(options));
    }

    @Override
    public <T, X extends Exception> T withLock(FencedFunction<T, X> function) throws X {
        return withLock(LockCalls.FAIL_IF_LOST, function);
    }

    @Override
    public <T, X extends Exception> T withLock(LockOptions options, FencedFunction<T, X> function) throws X {
        HeldLock handle = Await.result(calls.acquireForFunction(options));
        T result;
        boolean lost;
        try {
            result = function.apply(calls.context(handle));
            lost = handle.isLost();
        } catch (Throwable e) { // passes through, whatever it is
            handle.close();
            throw e;
        }
        lost |= !handle.letGo();
        if (lost && options.failIfLost()) {
            throw LockCalls.loss(handle, result);
        }
        return result;
    }

    @Override
    public boolean verify(long token) {
        return Await.result(calls.verify(token));
    }

    @Override
    public boolean verify(long token, FenceMode mode) {
        return Await.result(calls.verify(token, mode));
    }

    @Override
    public Lock asLock() {
        return new LockAdapter(calls);
    }

    @Override
    public LockInspection inspect() {
        return Await.result(calls.inspect());
    }
}
