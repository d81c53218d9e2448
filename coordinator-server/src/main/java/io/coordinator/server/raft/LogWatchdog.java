package io.coordinator.server.raft;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a node whose log has vanished under it (C-12): looks every second, and whenever a snapshot was taken. */
final class LogWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWatchdog.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final LogPresence presence;
    private final Consumer<Throwable> broken;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-log-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    private LogWatchdog(LogPresence presence, Consumer<Throwable> broken) {
        this.presence = presence;
        this.broken = broken;
    }

    /** @param broken is told once, on the watchdog's thread, that this process must end */
    static LogWatchdog start(LogPresence presence, Consumer<Throwable> broken) {
        LogWatchdog watchdog = new LogWatchdog(presence, broken);
        var unused = watchdog.timer.scheduleWithFixedDelay(
                watchdog::check, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return watchdog;
    }

    /** Looks as soon as it can, on its own thread. */
    void checkSoon() {
        try {
            timer.execute(this::check);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    private void check() {
        Optional<String> missing;
        try {
            missing = presence.missing();
        } catch (RuntimeException e) {
            missing = Optional.of("it cannot be asked: " + e);
        }
        if (missing.isPresent() && !timer.isShutdown()) {
            timer.shutdown();
            broken.accept(new IOException("the log of this node has vanished while it ran: " + missing.get()
                    + ". It must not acknowledge anything any more. Restore the disk and start it again; or, if it is"
                    + " lost, let the node rejoin from the others as docs/operating.md says under 'Rejoining empty'"));
        }
    }

    /** Returns at once; nothing is reported any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
