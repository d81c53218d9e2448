package io.coordinator.server.http;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/** How many of some times were how long. Not thread-safe. */
final class LatencyBuckets {
    private static final double MILLIS_PER_SECOND = 1_000;
    /** Few, since each is a line of the page for every name; from a quick answer to an hour. */
    private static final long[] BOUNDS_MILLIS = {5, 20, 50, 100, 250, 1_000, 5_000, 30_000, 300_000, 3_600_000};

    private static final double[] BOUNDS_SECONDS = seconds();

    private final long[] counts = new long[BOUNDS_SECONDS.length];
    private long sumMillis;

    private static double[] seconds() {
        double[] seconds = new double[BOUNDS_MILLIS.length + 1];
        for (int i = 0; i < BOUNDS_MILLIS.length; i++) {
            seconds[i] = BOUNDS_MILLIS[i] / MILLIS_PER_SECOND;
        }
        seconds[BOUNDS_MILLIS.length] = Double.POSITIVE_INFINITY;
        return seconds;
    }

    void add(long millis) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.length && millis > BOUNDS_MILLIS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sumMillis += millis;
    }

    HistogramDataPointSnapshot snapshot(Labels labels) {
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS_SECONDS, counts.clone()))
                .sum(sumMillis / MILLIS_PER_SECOND)
                .labels(labels)
                .build();
    }
}
