package io.coordinator.client.internal.session;

import io.coordinator.client.internal.async.Times;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * An upper bound of cluster time. When something sent at local nano <i>s</i> was answered with cluster time <i>c</i>,
 * then at every local nano <i>t ≥ s</i> cluster time is at most <i>c + 1 + (t − s)</i>, on this and every later leader.
 * So a deadline in cluster time passes here no later than there. Written on the loop, read anywhere.
 */
public final class ClusterTimeBound {
    /** Samples kept: few enough that a difference in the rates of clocks does not add up. */
    private static final int SAMPLES = 8;

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final long[] offsets = new long[SAMPLES];
    private int count;

    /** Cluster time minus local time, both in nanoseconds, is at most this. */
    private volatile long offsetNanos;

    void sample(long sentNanos, long clusterTimeMillis) {
        offsets[count % SAMPLES] = (clusterTimeMillis + 1) * MILLI - sentNanos;
        count++;
        takeLeast();
    }

    private void takeLeast() {
        offsetNanos = Arrays.stream(offsets, 0, Math.min(count, SAMPLES)).min().orElse(0);
    }

    /**
     * Cluster time was moved on by hand, which a cluster in memory can do: what was sampled before is so much more now.
     */
    public void moved(long millis) {
        for (int i = 0; i < SAMPLES; i++) {
            offsets[i] += millis * MILLI;
        }
        takeLeast();
    }

    /**
     * The local nano time by which a moment of cluster time may have come; at most {@link Times#NANOS_MAX} ahead of its
     * start.
     */
    public long localNanos(long clusterTimeMillis) {
        return Math.min(clusterTimeMillis, Times.MILLIS_MAX) * MILLI - offsetNanos;
    }
}
