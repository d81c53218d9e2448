package io.coordinator.state.job;

import io.coordinator.protocol.RetryPolicy;
import io.coordinator.state.kernel.Fingerprint;

/** How long the next attempt waits: longer each time, and a little less by a part that depends on job and attempt. */
final class RetryDelays {
    private static final long BACKOFF_MILLIS = 1_000;
    private static final long BACKOFF_MAX_MILLIS = 300_000;
    private static final int FACTOR_PERCENT = 200;
    private static final int JITTER_PERCENT = 20;
    private static final double PERCENT = 100;
    /** The upper bits of a long as a fraction. */
    private static final int FRACTION_SHIFT = 11;

    private static final double FRACTION = 0x1.0p-53;

    private RetryDelays() {}

    /**
     * The delay after an attempt that failed. The same on every machine.
     *
     * @param ticket of the job
     * @param attempt 1 for the first one
     */
    static long millis(RetryPolicy policy, long ticket, int attempt) {
        double most = orElse(policy.getBackoffMaxMillis(), BACKOFF_MAX_MILLIS);
        double first = Math.min(most, orElse(policy.getBackoffMillis(), BACKOFF_MILLIS));
        double factor = Math.max(PERCENT, orElse(Integer.toUnsignedLong(policy.getFactorPercent()), FACTOR_PERCENT));
        double delay = Math.min(most, first * StrictMath.pow(factor / PERCENT, Integer.toUnsignedLong(attempt) - 1.0));
        return (long) (delay * (1 - jitter(policy) * fraction(ticket, attempt)));
    }

    private static double jitter(RetryPolicy policy) {
        double percent = orElse(Integer.toUnsignedLong(policy.getJitterPercent()), JITTER_PERCENT);
        return policy.getNoJitter() ? 0 : Math.min(PERCENT, percent) / PERCENT;
    }

    /** From 0, less than 1. */
    private static double fraction(long ticket, int attempt) {
        return (Fingerprint.of(ticket, attempt) >>> FRACTION_SHIFT) * FRACTION;
    }

    private static double orElse(long value, long preset) {
        return (double) (value <= 0 ? preset : value);
    }
}
