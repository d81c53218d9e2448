package io.coordinator.client.internal.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A promise that many callers are given, who know nothing of each other. Only the SDK settles it: who casts the stage
 * to a future cannot cancel or complete it, and a timeout is set on a copy. What {@link #toCompletableFuture} gives is
 * a copy as well, which its owner may settle without silencing the others.
 *
 * <p>One copy is given again and again until somebody has settled it or depends on it: each copy is kept until this
 * promise is settled, and there are callers who poll.
 */
final class SharedPromise<T extends @Nullable Object> extends Promise<T> {
    private @Nullable CompletableFuture<T> copy;

    SharedPromise(@Nullable Executor executor, @Nullable Executor reader) {
        super(executor, reader);
    }

    @Override
    public synchronized CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> given = copy;
        if (given == null || given.isDone() || given.getNumberOfDependents() > 0) {
            given = copy();
            copy = given;
        }
        return given;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public boolean complete(T value) {
        return false;
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return false;
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor on) {
        return copy().completeAsync(supplier, on);
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return copy().orTimeout(timeout, unit);
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return copy().completeOnTimeout(value, timeout, unit);
    }

    @Override
    public void obtrudeValue(T value) {
        throw shared();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        throw shared();
    }

    private static UnsupportedOperationException shared() {
        return new UnsupportedOperationException(
                "others are given this stage as well; what toCompletableFuture() gives can be settled");
    }
}
