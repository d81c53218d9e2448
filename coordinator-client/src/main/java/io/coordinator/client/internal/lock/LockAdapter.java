package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.LockHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock of {@code java.util.concurrent} over a distributed one. It holds grants, of which a shared lock can have
 * several at a time; threads are of no account.
 */
final class LockAdapter implements Lock {
    private final LockCalls lock;
    private final ConcurrentLinkedDeque<LockHandle> held = new ConcurrentLinkedDeque<>();

    LockAdapter(LockCalls lock) {
        this.lock = lock;
    }

    @Override
    public void lock() {
        keep(Await.uninterruptibly(lock.acquire()));
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        checkInterrupt();
        try {
            keep(Await.result(lock.acquire()));
        } catch (CoordinatorInterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public boolean tryLock() {
        return keep(Await.uninterruptibly(lock.tryAcquire()));
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        checkInterrupt();
        try {
            return keep(Await.result(lock.tryAcquire(Duration.ofNanos(unit.toNanos(time)))));
        } catch (CoordinatorInterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the lock was asked for");
        }
    }

    private static InterruptedException interrupted(CoordinatorInterruptedException e) {
        Thread.interrupted();
        InterruptedException interrupt = new InterruptedException("interrupted while waiting for the lock");
        interrupt.initCause(e);
        return interrupt;
    }

    private boolean keep(Optional<LockHandle> granted) {
        granted.ifPresent(this::keep);
        return granted.isPresent();
    }

    private void keep(LockHandle granted) {
        held.addLast(granted);
    }

    @Override
    public void unlock() {
        LockHandle handle = takeOne();
        if (handle == null) {
            throw new IllegalMonitorStateException("this adapter holds no grant of " + lock.name());
        }
        if (!handle.release()) {
            throw new IllegalMonitorStateException("the grant of " + lock.name() + " with token " + handle.token()
                    + " was lost before it was unlocked");
        }
    }

    /** The oldest grant that is live, or else the oldest one; null if there is none. */
    private @Nullable LockHandle takeOne() {
        for (LockHandle handle : held) {
            if (handle.isHeld() && held.remove(handle)) {
                return handle;
            }
        }
        return held.poll();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("a distributed lock has no conditions; watch a key instead");
    }

    @Override
    public String toString() {
        return "Lock[" + lock.namespace() + "/" + lock.name() + "]";
    }
}
