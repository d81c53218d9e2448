package io.coordinator.benchmarks.harness;

import java.util.ArrayDeque;
import java.util.Deque;

/** Tells from counts taken at a steady pace whether throughput still rises or falls. */
final class Throughput {
    /** How many of the latest windows are compared with as many before them. */
    private static final int WINDOWS = 3;

    private static final double TOLERANCE = 0.08;

    private final Deque<Long> windows = new ArrayDeque<>();
    private long last;

    /** Adds a window that ends with {@code total} operations since the beginning. */
    void observe(long total) {
        windows.addLast(total - last);
        last = total;
        if (windows.size() > 2 * WINDOWS) {
            windows.removeFirst();
        }
    }

    /** True if the latest windows and those before them agree, and something happened at all. */
    boolean settled() {
        if (windows.size() < 2 * WINDOWS) {
            return false;
        }
        double before =
                windows.stream().limit(WINDOWS).mapToLong(Long::longValue).sum();
        double after = windows.stream().skip(WINDOWS).mapToLong(Long::longValue).sum();
        return after > 0 && Math.abs(after - before) <= TOLERANCE * Math.max(after, before);
    }
}
