package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.LockedValue;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value under a lock, for callers that wait. */
public record BlockingValue<T>(ValueCalls<T> calls) implements LockedValue<T> {
    @Override
    public <X extends Exception> @Nullable T withLock(Duration wait, Change<T, X> change) throws X {
        try (HeldValue<T> held = Await.result(calls.hold(wait))) {
            T next = change.apply(held.value());
            writeTo(held, next);
            return next;
        }
    }

    /** What the function has made is not lost with a write that fails. */
    private void writeTo(HeldValue<T> held, @Nullable T next) {
        try {
            Await.result(held.write(next));
        } catch (CoordinatorException e) {
            throw e.withFunctionResult(next);
        }
    }

    @Override
    public Held<T> acquire(Duration wait) {
        return Await.result(calls.acquire(wait));
    }

    @Override
    public Optional<Held<T>> tryAcquire() {
        return Await.result(calls.tryAcquire());
    }
}
