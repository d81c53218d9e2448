package io.coordinator.server.propose;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Cluster time during one leadership: the last stamp in the log, plus the monotonic time that has passed since. It
 * ignores wall clocks, and stands still while nobody leads.
 */
public final class ClusterClock {
    private final LongSupplier nanoTime;
    private final long baseMillis;
    private final long baseNanos;

    /**
     * A clock that starts now.
     *
     * @param lastStampMillis the cluster time of the last entry applied before this leadership
     */
    public ClusterClock(long lastStampMillis, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.baseMillis = lastStampMillis;
        this.baseNanos = nanoTime.getAsLong();
    }

    public long millis() {
        return baseMillis + TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - baseNanos);
    }
}
