package io.coordinator.cli.demo;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What an act is told: by any thread, and handled one at a time by the thread that plays it. */
final class DemoEvents {
    /** How long an act may take, and every call in it. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BlockingQueue<DemoEvent> events = new LinkedBlockingQueue<>();
    private final long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();

    /** What an act does about an event. */
    @FunctionalInterface
    interface Handler {
        void handle(DemoEvent event) throws DemoFailure;
    }

    void add(DemoEvent event) {
        events.add(event);
    }

    /**
     * Handles events until there is nothing left to wait for.
     *
     * @param missing what is still awaited, for the message of an act that was given up
     * @throws DemoFailure if that takes too long, or as the handler does
     */
    void handleUntil(BooleanSupplier done, Handler handler, Supplier<String> missing)
            throws InterruptedException, DemoFailure {
        while (!done.getAsBoolean()) {
            DemoEvent event = events.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new DemoFailure("not done after " + PATIENCE.toSeconds() + " s: " + missing.get());
            }
            handler.handle(event);
        }
    }
}
