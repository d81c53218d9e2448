package io.coordinator.client.internal.lock;

import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LockedValue;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of the cache and the lock of its name.
 *
 * @param values a namespace of the cache that users do not use otherwise
 */
public record ValueUnderLock<T>(String name, Class<T> type, DistributedLock lock, Cache values)
        implements LockedValue<T> {
    @Override
    public <X extends Exception> @Nullable T withLock(Duration wait, Change<T, X> change) throws X {
        try (Holding<T> held = held(lock.acquire(LockOptions.defaults().wait(wait)))) {
            T next = change.apply(held.value());
            writeTo(held, next);
            return next;
        }
    }

    /** What the function has made is not lost with a write that fails. */
    private void writeTo(Holding<T> held, @Nullable T next) {
        try {
            held.write(next);
        } catch (CoordinatorException e) {
            throw e.withFunctionResult(next);
        }
    }

    @Override
    public Held<T> acquire(Duration wait) {
        return held(lock.acquire(LockOptions.defaults().wait(wait)));
    }

    @Override
    public Optional<Held<T>> tryAcquire() {
        return lock.tryAcquire().map(this::held);
    }

    private Holding<T> held(LockHandle handle) {
        try {
            @Nullable
            T value = values.get(name).map((Entry entry) -> entry.as(type)).orElse(null);
            return new Holding<>(name, handle, values.guardedBy(handle.guard()), value);
        } catch (Throwable e) { // also of a constructor, an Error
            handle.close();
            throw e;
        }
    }

    private record Holding<T>(
            String name,
            LockHandle handle,
            Cache guarded,
            @Nullable T value) implements Held<T> {
        void write(@Nullable T newValue) {
            guarded.put(name, newValue);
        }

        @Override
        public boolean release(@Nullable T newValue) {
            try (this) {
                write(newValue);
                return true;
            } catch (FencedException e) {
                return false;
            }
        }

        @Override
        public void close() {
            handle.close();
        }
    }
}
