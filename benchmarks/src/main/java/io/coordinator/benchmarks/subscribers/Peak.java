package io.coordinator.benchmarks.subscribers;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The highest that a figure was, looked at five times a second. */
final class Peak implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 200;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "peak");
        thread.setDaemon(true);
        return thread;
    });
    private volatile double highest;

    private Peak() {}

    static Peak watch(Callable<Double> figure) {
        Peak peak = new Peak();
        var unused =
                peak.timer.scheduleWithFixedDelay(() -> peak.look(figure), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return peak;
    }

    private void look(Callable<Double> figure) {
        try {
            highest = Math.max(highest, figure.call());
        } catch (Exception e) {
            // A look is missed.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    double highest() {
        return highest;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
