package io.coordinator.benchmarks.core;

import io.coordinator.protocol.Entry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Consumer;

/** How long entries held the applying thread. */
final class Holds {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private int entries;
    private long longestNanos;
    private long longestCpuNanos;
    private long totalNanos;

    void measure(Entry entry, Consumer<Entry> apply) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        apply.accept(entry);
        long nanos = System.nanoTime() - start;
        entries++;
        totalNanos += nanos;
        longestNanos = Math.max(longestNanos, nanos);
        longestCpuNanos = Math.max(longestCpuNanos, THREADS.getCurrentThreadCpuTime() - cpu);
    }

    int entries() {
        return entries;
    }

    /** With the pauses of the collector and of a busy machine. */
    double longestMillis() {
        return longestNanos / 1e6;
    }

    /** What the thread itself worked. */
    double longestCpuMillis() {
        return longestCpuNanos / 1e6;
    }

    double totalMillis() {
        return totalNanos / 1e6;
    }
}
