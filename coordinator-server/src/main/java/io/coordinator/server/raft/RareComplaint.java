package io.coordinator.server.raft;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** An error that others can cause at any rate, and that is logged at most once in an interval. */
public final class RareComplaint {
    private final Logger log;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong unsaid = new AtomicLong();
    private final AtomicLong nextNanos;

    /** @param intervalNanos between two lines */
    public RareComplaint(Logger log, long intervalNanos, LongSupplier nanoTime) {
        this.log = log;
        this.intervalNanos = intervalNanos;
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Logs the message with how often there was reason for it since the last one; or counts it for the next one. */
    public void complain(String message) {
        long now = nanoTime.getAsLong();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + intervalNanos)) {
            unsaid.incrementAndGet();
            return;
        }
        long before = unsaid.getAndSet(0);
        if (before == 0) {
            log.error("{}", message);
        } else {
            log.error("{} ({} times since this was last said)", message, before + 1);
        }
    }
}
