package io.coordinator.client.internal.async;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one bridge from asynchronous calls to blocking ones. */
public final class Await {
    private Await() {}

    /**
     * Waits for a promise.
     *
     * @throws CoordinatorInterruptedException if the thread is interrupted before the outcome is known; the call is
     *     cancelled and the interrupt flag set. If the outcome was first, it is returned, with the flag set.
     */
    public static <T extends @Nullable Object> T result(Promise<T> promise) {
        return Await.<T, RuntimeException>resultOrThrow(promise);
    }

    /**
     * As {@link #result}, for calls that can fail with an exception of the caller's own function.
     *
     * @throws X the failure as it is
     */
    public static <T extends @Nullable Object, X extends Exception> T resultOrThrow(Promise<T> promise) throws X {
        try {
            return promise.get();
        } catch (InterruptedException e) {
            return interrupted(promise, e);
        } catch (Throwable e) { // perhaps of the failure's own methods
            throw Await.<X>original(promise, e);
        }
    }

    /**
     * As {@link #resultOrThrow}, while this thread runs the tasks of a call: the build function of a blocking caller.
     *
     * @param call starts the call with an executor that runs on this thread
     */
    public static <T extends @Nullable Object, X extends Exception> T helping(Function<CallerThread, Promise<T>> call)
            throws X {
        CallerThread tasks = new CallerThread();
        Promise<T> promise = call.apply(tasks);
        var unused = promise.whenComplete((value, error) -> tasks.finish());
        try {
            tasks.runUntilFinished();
        } catch (InterruptedException e) {
            return interrupted(promise, e);
        }
        return Await.<T, X>resultOrThrow(promise);
    }

    /**
     * As {@link #result}, for what an interrupt must not end: waits on, and leaves the flag set. Bounded by the call's
     * own deadline.
     */
    public static <T extends @Nullable Object> T uninterruptibly(Promise<T> promise) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return promise.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (Throwable e) { // perhaps of the failure's own methods
                    throw Await.<RuntimeException>original(promise, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #briefly}, but an interrupt does not end the wait; the flag stays set. For what closes something. */
    public static boolean closing(CompletableFuture<?> future, Duration patience) {
        long deadline = Times.deadline(Times.nanos(patience));
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                if (briefly(future, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                    return true;
                }
                if (!Thread.interrupted()) {
                    return false;
                }
                interrupted = true;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits at most this long and tells whether the future is done; an interrupt ends the wait and stays set. */
    public static boolean briefly(CompletableFuture<?> future, Duration patience) {
        try {
            future.get(Times.nanos(patience), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static <T extends @Nullable Object, X extends Exception> T interrupted(
            Promise<T> promise, InterruptedException interrupt) throws X {
        boolean cancelled = promise.cancel(true);
        Thread.currentThread().interrupt();
        if (cancelled) {
            throw new CoordinatorInterruptedException("interrupted while waiting; the call was cancelled", interrupt);
        }
        try {
            return promise.join();
        } catch (Throwable e) { // perhaps of the failure's own methods
            throw Await.<X>original(promise, e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // X is what the caller's function throws; everything else is unchecked
    private static <X extends Exception> X original(Promise<?> promise, Throwable thrown) throws X {
        if (!promise.isCompletedExceptionally()) {
            throw (X) thrown; // It is not the outcome.
        }
        Throwable failure = promise.handle((value, error) -> error).join();
        Throwable cause = Thrown.cause(failure);
        if (failure == Thrown.original(failure) && !(cause instanceof CoordinatorException)) {
            cause = failure; // A function threw it; its cause can be an exception that nobody has declared.
        }
        if (cause instanceof CoordinatorException) {
            cause.addSuppressed(new CalledFrom());
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw (X) cause;
    }

    /** Shows in a stack trace where the blocked caller was, since the failure itself was made on another thread. */
    private static final class CalledFrom extends Exception {
        CalledFrom() {
            super("the blocking call was made here");
        }
    }

    /** Runs tasks on the thread that waits, until told to stop. */
    public static final class CallerThread implements java.util.concurrent.Executor {
        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private volatile boolean finished;

        private CallerThread() {}

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        private void finish() {
            finished = true;
            tasks.add(() -> {});
        }

        private void runUntilFinished() throws InterruptedException {
            while (!finished) {
                tasks.take().run();
            }
        }
    }
}
