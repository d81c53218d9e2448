package io.coordinator.cli.demo;

import io.coordinator.client.error.ClosedException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that keep no process alive. */
final class Background {
    private static final Duration POLL = Duration.ofMillis(20);

    private Background() {}

    /** Runs it on a thread of its own; it may end by the end of the demo's client. */
    static void start(String name, Runnable work) {
        Thread thread = new Thread(() -> untilClosed(work), name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits, on such a thread, for what nobody tells of. */
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static void untilClosed(Runnable work) {
        try {
            work.run();
        } catch (ClosedException e) {
            // The act is over, and nobody wants to know any more.
        }
    }
}
