package io.coordinator.client.internal.async;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call, settled by the SDK and handed to user code. Its dependents run on the executor that it was
 * made with, so settling it on the transport thread never runs user code there. A caller who settles it waits no
 * longer, which the cluster hears, however it was done: by {@link #cancel}, by completing it or by a timeout.
 */
public class Promise<T extends @Nullable Object> extends CompletableFuture<T> {
    private final @Nullable Executor executor;
    private final @Nullable Executor reader;
    private volatile @Nullable Runnable canceller;

    /** The caller has settled it. */
    private volatile boolean left;

    /**
     * A promise whose dependents run on {@code executor}, or, if that is null, on the thread that settles it: for the
     * SDK's own use and for blocked callers. The executors take every task and throw nothing.
     *
     * @param reader where its value is read, if the user's code may take part in that; null for in place
     */
    Promise(@Nullable Executor executor, @Nullable Executor reader) {
        this.executor = executor;
        this.reader = reader;
    }

    /** By the SDK, not by the caller. */
    private boolean put(T value) {
        return super.complete(value);
    }

    /** By the SDK, not by the caller. */
    private void putFailure(Throwable cause) {
        super.completeExceptionally(Thrown.carried(cause));
    }

    public void succeed(T value) {
        settle(() -> put(value));
    }

    /**
     * Hands over a value that must be disposed of if nobody takes it.
     *
     * @param unwanted runs if the promise was cancelled or completed otherwise before
     */
    public void succeed(T value, Runnable unwanted) {
        settle(() -> {
            if (!put(value)) {
                unwanted.run();
            }
        });
    }

    /** Succeeds with what is read, where it may be read; whatever the reading throws is the failure. */
    public void succeedBy(Supplier<T> reading) {
        read(() -> {
            T value;
            try {
                value = reading.get();
            } catch (Throwable e) { // of a deserialiser, anything
                completeOrFail(e);
                return;
            }
            completeOrSucceed(value);
        });
    }

    private void completeOrSucceed(T value) {
        if (reader == null) {
            succeed(value);
        } else {
            put(value); // The reader is no thread of which dependents must keep off.
        }
    }

    private void completeOrFail(Throwable cause) {
        if (reader == null) {
            fail(cause);
        } else {
            putFailure(cause);
        }
    }

    /** Runs something where the value may be read. */
    void read(Runnable reading) {
        if (reader == null) {
            reading.run();
        } else {
            reader.execute(reading);
        }
    }

    public void fail(Throwable cause) {
        settle(() -> putFailure(cause));
    }

    /** Fails, and tells the cluster as if the caller had cancelled. */
    public void abandon(Throwable cause) {
        fail(cause);
        runCanceller();
    }

    /** Registers what reaches the cluster when the caller leaves; runs at once if that has happened. At most one. */
    public void onCancel(Runnable action) {
        canceller = action;
        if (left) {
            runCanceller();
        }
    }

    // ---- the caller leaves ----

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return leave(super.cancel(mayInterruptIfRunning));
    }

    @Override
    public boolean complete(T value) {
        return leave(super.complete(value));
    }

    /** Also by {@link #orTimeout}. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        return leave(super.completeExceptionally(failure));
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor on) {
        requireNonNull(supplier, "supplier");
        on.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable e) { // of the user's code, anything
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(T value) {
        boolean first = !isDone();
        super.obtrudeValue(value);
        leave(first);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        boolean first = !isDone();
        super.obtrudeException(failure);
        leave(first);
    }

    private boolean leave(boolean first) {
        if (first) {
            left = true;
            runCanceller();
        }
        return first;
    }

    private void runCanceller() {
        Runnable action = canceller;
        if (action != null) {
            action.run();
        }
    }

    private void settle(Runnable completion) {
        if (executor == null) {
            completion.run();
        } else {
            executor.execute(completion);
        }
    }
}
