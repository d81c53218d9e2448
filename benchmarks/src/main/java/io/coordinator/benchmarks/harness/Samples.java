package io.coordinator.benchmarks.harness;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one phase of a run. Any thread may record; each keeps its own histogram, so recording costs a driver
 * that completes a million requests a second next to nothing.
 */
final class Samples {
    private static final long LOWEST_NANOS = 1_000;
    private static final long HIGHEST_NANOS = 120_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Queue<Histogram> histograms = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Histogram> ownHistogram = ThreadLocal.withInitial(this::newHistogram);
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    private Histogram newHistogram() {
        Histogram histogram = emptyHistogram();
        histograms.add(histogram);
        return histogram;
    }

    private static Histogram emptyHistogram() {
        return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    }

    void success(long nanos) {
        ownHistogram.get().recordValue(Math.min(nanos, HIGHEST_NANOS));
        completed.increment();
    }

    void failure(Throwable cause) {
        firstFailure.compareAndSet(null, cause);
        failed.increment();
    }

    long completed() {
        return completed.sum();
    }

    long failed() {
        return failed.sum();
    }

    Optional<Throwable> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }

    /** All latencies, in nanoseconds. To be called only when nobody records any more. */
    Histogram latencies() {
        Histogram all = emptyHistogram();
        histograms.forEach(all::add);
        return all;
    }
}
