package io.coordinator.client.internal.async;

import io.coordinator.client.error.CoordinatorException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes promises of one kind, so that blocking and asynchronous calls share one implementation. */
public final class Promises {
    private static final Promises DIRECT = new Promises(null, null, false);

    private final @Nullable Executor executor;
    private final @Nullable Executor reader;
    private final boolean reads;

    private Promises(@Nullable Executor executor, @Nullable Executor reader, boolean reads) {
        this.executor = executor;
        this.reader = reader;
        this.reads = reads;
    }

    /** Settled and read in place: for the SDK itself. */
    public static Promises direct() {
        return DIRECT;
    }

    /**
     * Settled in place: for callers that block.
     *
     * @param reader where values are read that need the user's code
     */
    public static Promises blocking(Executor reader) {
        return new Promises(null, reader, false);
    }

    /** Settled and read on an executor: for stages that user code depends on. */
    public static Promises on(Executor executor) {
        return new Promises(executor, executor, false);
    }

    /** The same, for values that the user's code takes part in reading: that never happens on the loop. */
    public Promises reading() {
        return reads || reader == null ? this : new Promises(executor, reader, true);
    }

    public <T extends @Nullable Object> Promise<T> make() {
        return new Promise<>(executor, reads ? reader : null);
    }

    /**
     * What the call gives; one that fails if the call refuses its arguments, which asynchronous methods never throw.
     */
    public <T extends @Nullable Object> Promise<T> attempt(Supplier<Promise<T>> call) {
        try {
            return call.get();
        } catch (CoordinatorException e) {
            Promise<T> refused = make();
            refused.fail(e);
            return refused;
        }
    }

    /** One that callers share who know nothing of each other: a loss, an end, the start of a watch. */
    public <T extends @Nullable Object> Promise<T> makeShared() {
        return new SharedPromise<>(executor, reads ? reader : null);
    }

    /** One whose outcome is known. */
    public <T extends @Nullable Object> Promise<T> succeeded(T value) {
        Promise<T> promise = make();
        promise.succeed(value);
        return promise;
    }

    /** A failed stage that others can be derived from, whatever the failure is. */
    public static <T extends @Nullable Object> CompletableFuture<T> failed(Throwable failure) {
        return CompletableFuture.failedFuture(Thrown.carried(failure));
    }

    /**
     * Hears of the outcome of a user's stage. As by {@code whenComplete}, but nothing is derived from its failure,
     * which might throw.
     */
    public static <T extends @Nullable Object> void whenDone(
            CompletionStage<T> stage, BiConsumer<? super T, ? super @Nullable Throwable> hear) {
        var unused = stage.handle((value, error) -> {
            hear.accept(value, error);
            return true;
        });
    }

    /** The outcome of the first, changed by a function; cancelling it cancels the first. */
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<B> map(
            Promise<A> first, Function<A, B> change) {
        return compose(first, value -> DIRECT.succeeded(change.apply(value)));
    }

    /**
     * One after the other: cancelling it cancels whichever is under way. The function may throw as the second would
     * fail.
     */
    public <A extends @Nullable Object, B extends @Nullable Object> Promise<B> compose(
            Promise<A> first, Function<A, Promise<B>> second) {
        Promise<B> outcome = make();
        outcome.onCancel(() -> first.cancel(true));
        var unused = first.whenComplete((value, error) -> {
            if (error != null) {
                outcome.fail(error);
            } else {
                outcome.read(() -> forward(() -> second.apply(value), outcome));
            }
        });
        return outcome;
    }

    private static <B extends @Nullable Object> void forward(Supplier<Promise<B>> second, Promise<B> outcome) {
        Promise<B> next;
        try {
            next = second.get();
        } catch (Throwable e) { // of the user's code, anything
            outcome.fail(e);
            return;
        }
        outcome.onCancel(() -> next.cancel(true));
        var unused = next.whenComplete((value, error) -> {
            if (error != null) {
                outcome.fail(error);
            } else {
                outcome.succeed(value);
            }
        });
    }
}
