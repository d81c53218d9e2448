package io.coordinator.client.internal.async;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** An executor that knows whether all it was given has ended. */
public final class CountedExecutor implements Executor {
    private final Executor executor;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * Counts what it passes on.
     *
     * @param executor may refuse tasks by throwing
     */
    public CountedExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        open.incrementAndGet();
        boolean taken = false;
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    open.decrementAndGet();
                }
            });
            taken = true;
        } finally {
            if (!taken) {
                open.decrementAndGet();
            }
        }
    }

    /** Whether no task waits or runs. */
    public boolean isIdle() {
        return open.get() == 0;
    }
}
