package io.coordinator.server.session;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which clients come in, and on which they are told what had to wait. It never waits for the state. */
public final class SessionThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-sessions");
        thread.setDaemon(true);
        return thread;
    });
    private final Consumer<Throwable> broken;

    /** @param broken told of a bug in what it ran: a door that is half open must not go on */
    public SessionThread(Consumer<Throwable> broken) {
        this.broken = broken;
    }

    @Override
    public void execute(Runnable task) {
        later(0, task);
    }

    void run(Runnable task) {
        later(0, task);
    }

    void later(long millis, Runnable task) {
        try {
            var unused = executor.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    void every(long millis, Runnable task) {
        var unused = executor.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.error("the door is broken", bug);
            broken.accept(bug);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
