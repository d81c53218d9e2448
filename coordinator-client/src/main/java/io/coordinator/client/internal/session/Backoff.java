package io.coordinator.client.internal.session;

import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Pauses that double up to a cap, each times a random 0.5 to 1, so that many clients do not come back at one moment.
 */
public final class Backoff {
    private static final int DOUBLINGS_MAX = 30;

    private final long minNanos;
    private final long maxNanos;
    private final DoubleSupplier random;

    /**
     * A policy.
     *
     * @param random gives numbers from 0 to 1
     */
    public Backoff(Duration min, Duration max, DoubleSupplier random) {
        this.minNanos = Times.nanos(min);
        this.maxNanos = Times.nanos(max);
        this.random = random;
    }

    /**
     * A random pause, so that those who lost a node at one moment do not all go on at once.
     *
     * @param atMostNanos the longest, if it is not shorter than the shortest one of the policy
     */
    long spreadNanos(long atMostNanos) {
        return (long) (Math.max(minNanos, atMostNanos) * random.getAsDouble());
    }

    /**
     * The pause before a retry.
     *
     * @param retry 0 for the first one after which to pause
     * @param capNanos a cap below the policy's own
     */
    public long pauseNanos(int retry, long capNanos) {
        double doubled = minNanos * Math.pow(2, Math.min(retry, DOUBLINGS_MAX));
        double capped = Math.min(doubled, (double) Math.min(maxNanos, capNanos));
        return (long) (capped * (0.5 + random.getAsDouble() / 2));
    }
}
