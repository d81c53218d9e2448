package io.coordinator.server.http;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/** The distribution of how long something took on this node since it started. Thread-safe. */
public final class Latencies {
    private final LatencyBuckets buckets = new LatencyBuckets();

    /** Counts one. */
    public synchronized void add(long millis) {
        buckets.add(millis);
    }

    synchronized HistogramSnapshot snapshot(String name, String doc) {
        return HistogramSnapshot.builder()
                .name(name)
                .help(doc)
                .dataPoint(buckets.snapshot(Labels.EMPTY))
                .build();
    }
}
