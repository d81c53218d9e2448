package io.coordinator.client.internal.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A promise that many callers are given, who know nothing of each other: its future is a copy, so that nobody who
 * cancels or completes what {@link #toCompletableFuture} gave, or sets a timeout on it, silences the others.
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
}
