package io.coordinator.server;

import io.coordinator.server.raft.RatisLog;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Has the log purged after a checkpoint; the log is made after the snapshotter that calls this. */
final class PurgeTrigger implements Runnable {
    private final BooleanSupplier stopping;
    private volatile @Nullable RatisLog log;

    PurgeTrigger(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    void use(RatisLog opened) {
        log = opened;
    }

    @Override
    public void run() {
        RatisLog current = log;
        if (current != null && !stopping.getAsBoolean()) {
            current.purge();
        }
    }
}
