package io.coordinator.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Real time, and what a test has added to it; monotonic, in nanoseconds. */
final class MemoryClock implements LongSupplier {
    private final AtomicLong addedNanos = new AtomicLong();

    void add(long millis) {
        addedNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public long getAsLong() {
        return System.nanoTime() + addedNanos.get();
    }
}
