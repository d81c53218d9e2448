package io.coordinator.client.internal.async;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names of a client's threads: {@code coord-<client>-<purpose>-<number>}; all are daemons. */
public final class Threads {
    private final String prefix;

    public Threads(String clientName) {
        this.prefix = "coord-" + clientName + "-";
    }

    /** A factory of daemons for one purpose. */
    public ThreadFactory named(String purpose) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + purpose + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
