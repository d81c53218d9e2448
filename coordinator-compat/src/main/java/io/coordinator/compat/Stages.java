package io.coordinator.compat;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What callers see of stages. */
final class Stages {
    private Stages() {}

    /**
     * Waits for a stage that fails with exceptions of the client alone.
     *
     * @throws CoordinatorInterruptedException if the thread is interrupted first; the stage is cancelled and the flag
     *     set
     */
    static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return outcome(future);
        } catch (InterruptedException e) {
            boolean cancelled = future.cancel(true);
            Thread.currentThread().interrupt();
            if (cancelled) {
                throw new CoordinatorInterruptedException("interrupted while waiting; the call was cancelled", e);
            }
            return Stages.<T>known(future);
        }
    }

    private static <T extends @Nullable Object> T outcome(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoordinatorException why) {
                why.addSuppressed(e); // It shows where the caller waited.
                throw why;
            }
            throw new CompletionException(e.getCause());
        }
    }

    /** The outcome was first; then the interrupt is for what comes next. */
    private static <T extends @Nullable Object> T known(CompletableFuture<T> done) {
        try {
            return outcome(done);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a stage that has ended was waited for", e);
        }
    }

    /** The same outcome with another value; cancelling its future cancels the first. */
    static <A extends @Nullable Object, B extends @Nullable Object> CompletableFuture<B> map(
            CompletionStage<A> first, Function<A, B> change) {
        CompletableFuture<B> outcome = new CompletableFuture<>();
        whenDone(first, (value, error) -> {
            if (error == null) {
                outcome.complete(change.apply(value));
            } else {
                outcome.completeExceptionally(error);
            }
        });
        whenDone(outcome, (value, error) -> {
            if (outcome.isCancelled()) {
                first.toCompletableFuture().cancel(true);
            }
        });
        return outcome;
    }

    /** Hears of an outcome, of failures without the exception that carries them from stage to stage. */
    static <T extends @Nullable Object> void whenDone(
            CompletionStage<T> stage, BiConsumer<T, @Nullable Throwable> hear) {
        var unused = stage.handle((value, error) -> {
            hear.accept(value, error == null ? null : cause(error));
            return true;
        });
    }

    /** What a failure is about, if it only carries another one. */
    static Throwable cause(Throwable failure) {
        if (!(failure instanceof CompletionException)) {
            return failure;
        }
        try {
            Throwable cause = failure.getCause();
            return cause == null ? failure : cause;
        } catch (Throwable e) { // of a subclass of the user's
            return failure;
        }
    }
}
