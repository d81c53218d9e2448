package io.coordinator.client.internal.net;

import io.coordinator.client.internal.async.Times;
import java.util.concurrent.Executor;

/**
 * The one thread on which a client's streams and session run. What lives on it needs no locks; nothing on it may block
 * or run user code.
 */
public interface Loop extends Executor, AutoCloseable {
    /** Whether the calling thread is this one. */
    boolean inLoop();

    /**
     * Runs a task soon.
     *
     * @return false if the loop is closed and the task never runs
     */
    boolean offer(Runnable task);

    /** As {@link #offer}, for tasks that nobody misses once the loop is closed. */
    @Override
    default void execute(Runnable task) {
        var unused = offer(task);
    }

    /** The clock by which timers run and leases are counted; monotonic. On any thread. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * When a time from now has passed, by {@link #nanoTime}. On any thread.
     *
     * @param nanos what is more than {@link Times#NANOS_MAX} counts as that
     */
    default long deadlineIn(long nanos) {
        return Times.deadline(nanoTime(), nanos);
    }

    /** Runs a task later, unless the loop is closed by then. */
    Timer schedule(Runnable task, long delayNanos);

    /** Runs a task now if on the loop, else soon; for tasks that nobody misses once the loop is closed. */
    default void run(Runnable task) {
        var unused = tryRun(task);
    }

    /**
     * Runs a task now if on the loop, else soon.
     *
     * @return false if the loop is closed and the task never runs
     */
    default boolean tryRun(Runnable task) {
        if (inLoop()) {
            task.run();
            return true;
        }
        return offer(task);
    }

    @Override
    void close();

    /** A task that waits for its time. */
    interface Timer {
        /** A timer that was never set. */
        Timer NONE = () -> {};

        void cancel();
    }
}
