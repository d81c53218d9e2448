package io.coordinator.compat;

import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LockHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lock of a callback queue: strict about what it was asked before, and about what it does not hold any more. */
final class QueueLock implements OnceLock {
    private final DistributedLock lock;
    private final CallbackQueueOptions options;
    private final Consumer<Grant> taken;
    private final AtomicReference<@Nullable LockHandle> current = new AtomicReference<>();
    private volatile long token;

    /**
     * A lock that is not held yet.
     *
     * @param taken hears of each grant
     */
    QueueLock(DistributedLock lock, CallbackQueueOptions options, Consumer<Grant> taken) {
        this.lock = lock;
        this.options = options;
        this.taken = taken;
    }

    @Override
    public String key() {
        return options.lockPrefix() + id();
    }

    @Override
    public String id() {
        return lock.name();
    }

    @Override
    public boolean isHeld() {
        LockHandle handle = current.get();
        return handle != null && handle.isHeld();
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public void acquire() {
        if (isHeld()) {
            throw new LockAcquisitionException("Lock already held");
        }
        LockHandle granted = lock.tryAcquire(QueueLocks.terms(options))
                .orElseThrow(() -> new LockAcquisitionException("Could not acquire lock on \"" + key() + "\""));
        token = granted.token();
        current.set(granted);
        taken.accept(granted);
    }

    @Override
    public void extend() {
        extend(Duration.ZERO);
    }

    @Override
    public void extend(Duration time) {
        if (time.isNegative()) {
            throw new ValidationException("Int time is required to extend lock");
        }
        LockHandle handle = current.get();
        if (handle == null) {
            throw new LockExtendException("Lock has not been acquired");
        }
        try {
            handle.extend(time.isZero() ? options.lockTimeout() : time);
        } catch (LockExtendException e) {
            LockExtendException expired = new LockExtendException(expired());
            expired.addSuppressed(e);
            throw expired;
        }
    }

    @Override
    public void release() {
        LockHandle handle = current.getAndSet(null);
        if (handle == null) {
            throw new LockReleaseException("Lock has not been acquired");
        }
        if (!handle.release()) {
            throw new LockReleaseException(expired());
        }
    }

    private String expired() {
        return "Lock on \"" + key() + "\" had expired";
    }

    @Override
    public void close() {
        LockHandle handle = current.getAndSet(null);
        if (handle != null) {
            handle.close();
        }
    }
}
