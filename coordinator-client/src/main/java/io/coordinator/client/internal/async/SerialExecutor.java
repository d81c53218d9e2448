package io.coordinator.client.internal.async;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks of one owner one at a time and in order on an executor that many share. Whatever a task throws is logged,
 * and the next one runs.
 */
public final class SerialExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor shared;
    private final String owner;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    /**
     * An executor with nothing to do.
     *
     * @param shared takes every task and throws nothing
     * @param owner whose code runs; for messages
     */
    public SerialExecutor(Executor shared, String owner) {
        this.shared = shared;
        this.owner = owner;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        shared.execute(this::drain);
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(log, "{} threw", owner, e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            if (task == null) {
                running = false;
            }
            return task;
        }
    }
}
