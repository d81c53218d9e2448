package io.coordinator.client.internal.lock;

import io.coordinator.client.cache.Entry;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.client.option.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A key of the cache and the lock of its name. */
public final class ValueCalls<T> implements AsyncLockedValue<T> {
    private final LockCalls lock;
    private final Store values;
    private final Class<T> type;
    private final Promises promises;

    /** Where values are kept by the names of their locks. */
    public interface Store {
        /** Reads one. */
        Promise<Optional<Entry>> get(String name);

        /** Writes one, while the lock is held. */
        Promise<Long> put(String name, Guard held, @Nullable Object value);
    }

    /**
     * A value under a lock.
     *
     * @param lock of the caller's kind
     * @param values where it is kept, for callers that wait
     */
    public ValueCalls(LockCalls lock, Store values, Class<T> type) {
        this.lock = lock;
        this.values = values;
        this.type = type;
        this.promises = lock.calls().promises();
    }

    // ---- the lock, and then the value ----

    @Override
    public Promise<LockedValue.Held<T>> acquire(Duration wait) {
        return acquire(wait, held -> held);
    }

    /** As {@link #acquire}, for callers that need more of it. */
    Promise<HeldValue<T>> hold(Duration wait) {
        return acquire(wait, held -> held);
    }

    private <R> Promise<R> acquire(Duration wait, Function<HeldValue<T>, R> result) {
        Promise<R> outcome = promises.make();
        Promise<LockHandle> granted = lock.acquire(LockOptions.defaults().wait(wait));
        outcome.onCancel(() -> granted.cancel(true));
        var unused = granted.whenComplete((handle, error) -> {
            if (error == null) {
                read(handle, outcome, result);
            } else {
                outcome.fail(error);
            }
        });
        return outcome;
    }

    @Override
    public Promise<Optional<LockedValue.Held<T>>> tryAcquire() {
        Promise<Optional<LockedValue.Held<T>>> outcome = promises.make();
        Promise<Optional<LockHandle>> granted = lock.tryAcquire();
        outcome.onCancel(() -> granted.cancel(true));
        var unused = granted.whenComplete((handle, error) -> {
            if (error != null) {
                outcome.fail(error);
            } else if (handle.isEmpty()) {
                outcome.succeed(Optional.empty());
            } else {
                read(handle.get(), outcome, Optional::of);
            }
        });
        return outcome;
    }

    /** A lock whose value cannot be read, or that nobody waits for any more, is let go. */
    private <R> void read(LockHandle handle, Promise<R> outcome, Function<HeldValue<T>, R> result) {
        Promise<@Nullable T> value = promises.reading()
                .map(
                        values.get(lock.name()),
                        found -> found.map(entry -> entry.as(type)).orElse(null));
        var unused = value.whenComplete((known, error) -> {
            if (error == null) {
                HeldValue<T> held =
                        new HeldValue<>(lock.name(), handle, values, lock.user().promises(), known);
                outcome.succeed(result.apply(held), () -> letGo(handle, () -> {}));
            } else {
                letGo(handle, () -> outcome.fail(error));
            }
        });
    }

    private static void letGo(LockHandle handle, Runnable then) {
        var unused = handle.releaseAsync().whenComplete((wasHeld, error) -> then.run());
    }

    // ---- a function in between ----

    @Override
    public Promise<@Nullable T> withLock(
            Duration wait, Function<@Nullable T, ? extends CompletionStage<? extends @Nullable T>> change) {
        Promise<@Nullable T> result = promises.make();
        Promise<HeldValue<T>> acquired = hold(wait);
        result.onCancel(() -> acquired.cancel(true));
        var unused = acquired.whenComplete((held, error) -> {
            if (error == null) {
                change(held, change, result);
            } else {
                result.fail(error);
            }
        });
        return result;
    }

    private void change(
            HeldValue<T> held,
            Function<@Nullable T, ? extends CompletionStage<? extends @Nullable T>> change,
            Promise<@Nullable T> result) {
        LockHandle handle = held.handle();
        LockCalls.endWithClient(handle, result);
        Promises.whenDone(begun(held.value(), change), (next, thrown) -> {
            if (thrown == null) {
                write(held, next, result);
            } else {
                letGo(handle, () -> result.fail(Thrown.cause(thrown)));
            }
        });
    }

    private static <T> CompletionStage<? extends @Nullable T> begun(
            @Nullable T value, Function<@Nullable T, ? extends CompletionStage<? extends @Nullable T>> change) {
        try {
            CompletionStage<? extends @Nullable T> stage = change.apply(value);
            LockCalls.checkStage(stage);
            return stage;
        } catch (Throwable e) { // also what the compiler thinks cannot come
            return CompletableFuture.failedFuture(e);
        }
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private static <T> void write(HeldValue<T> held, @Nullable T next, Promise<@Nullable T> result) {
        var unused = held.write(next)
                .whenComplete((revision, error) -> letGo(held.handle(), () -> {
                    if (error == null) {
                        result.succeed(next);
                    } else {
                        result.fail(withResult(error, next));
                    }
                }));
    }

    /** What the function has made is not lost with a write that fails. */
    private static Throwable withResult(Throwable error, @Nullable Object next) {
        return error instanceof CoordinatorException why ? why.withFunctionResult(next) : error;
    }
}
