package io.coordinator.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How long clients must leave leadership alone after a hand-over, whether it succeeded or not: nothing is written
 * during one, so that who asks again and again would stop the cluster. The node that was handed leadership counts from
 * then on, so that no round through all members is faster.
 */
final class HandoverPause {
    static final Duration LENGTH = Duration.ofSeconds(3);

    private final LongSupplier nanoTime;
    private final AtomicLong endNanos;

    HandoverPause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.endNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** A hand-over to or by this node has just ended. */
    void begin() {
        endNanos.set(nanoTime.getAsLong() + LENGTH.toNanos());
    }

    /** What is left of the pause, part of a millisecond counting as one; 0 if there is none. */
    long leftMillis() {
        long left = endNanos.get() - nanoTime.getAsLong();
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }
}
