package io.coordinator.server.http;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The same as {@link Latencies} for a few names, each apart. The first ones that are heard of have the places; a name
 * of which nothing was heard for ten minutes gives its place up, with what it has counted, when another one needs it.
 * What has no place is not counted here. Thread-safe.
 */
public final class NamedLatencies {
    /** So many names have a place. */
    static final int NAMED_MAX = 10;

    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final float LOAD = 0.75f;

    private final String label;
    private final LongSupplier nanoTime;
    /** By namespace and name; what was heard of last is last. */
    private final Map<String, Named> names = new LinkedHashMap<>(2 * NAMED_MAX, LOAD, true);

    private static final class Named {
        final LatencyBuckets buckets = new LatencyBuckets();
        final Labels labels;
        long heardNanos;

        Named(Labels labels) {
            this.labels = labels;
        }
    }

    /** @param label of the name; beside it is that of the namespace */
    public NamedLatencies(String label, LongSupplier nanoTime) {
        this.label = label;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts one, if the name has a place.
     *
     * @param key which it is, different for all
     */
    public synchronized void add(String key, String namespace, String name, long millis) {
        long now = nanoTime.getAsLong();
        Named named = names.get(key);
        if (named == null) {
            if (names.size() >= NAMED_MAX && !makesRoom(now)) {
                return;
            }
            named = new Named(Labels.of("namespace", namespace, label, name));
            names.put(key, named);
        }
        named.heardNanos = now;
        named.buckets.add(millis);
    }

    private boolean makesRoom(long now) {
        Iterator<Named> all = names.values().iterator();
        boolean idle = now - all.next().heardNanos >= KEPT_NANOS;
        if (idle) {
            all.remove();
        }
        return idle;
    }

    synchronized HistogramSnapshot snapshot(String name, String doc) {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(doc);
        names.values().forEach(named -> snapshot.dataPoint(named.buckets.snapshot(named.labels)));
        return snapshot.build();
    }
}
