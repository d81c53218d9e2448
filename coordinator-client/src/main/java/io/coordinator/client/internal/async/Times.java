package io.coordinator.client.internal.async;

import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Times of callers as whole milliseconds and as nanoseconds. Part of a millisecond counts as a whole one, so that a
 * positive time is never none; what is longer than {@link #MILLIS_MAX}, about 146 years, counts as that, which is as
 * good as for ever. The sum of two times fits a long, and so does that of a time and a reading of the clock made by
 * {@link #deadline}.
 */
public final class Times {
    private static final long NANOS_OF_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MILLIS_OF_SECOND = TimeUnit.SECONDS.toMillis(1);

    /** The longest time, in milliseconds. */
    public static final long MILLIS_MAX = Long.MAX_VALUE / 2 / NANOS_OF_MILLI;

    /** The longest time, in nanoseconds. */
    public static final long NANOS_MAX = MILLIS_MAX * NANOS_OF_MILLI;

    private Times() {}

    /** From 0, for times that are not positive, to {@link #MILLIS_MAX}. */
    public static long millis(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        if (time.getSeconds() >= MILLIS_MAX / MILLIS_OF_SECOND) {
            return MILLIS_MAX;
        }
        return time.getSeconds() * MILLIS_OF_SECOND + (time.getNano() + NANOS_OF_MILLI - 1) / NANOS_OF_MILLI;
    }

    /** As {@link #millis}, in nanoseconds. */
    public static long nanos(Duration time) {
        return millis(time) * NANOS_OF_MILLI;
    }

    /**
     * When a time from now has passed, by the clock of {@link System#nanoTime}.
     *
     * @param nanos what is more than {@link #NANOS_MAX} counts as that
     */
    public static long deadline(long nanos) {
        return deadline(System.nanoTime(), nanos);
    }

    /**
     * When a time from now has passed.
     *
     * @param nowNanos now, by any clock
     * @param nanos what is more than {@link #NANOS_MAX} counts as that
     */
    public static long deadline(long nowNanos, long nanos) {
        long ahead = Math.min(nanos, NANOS_MAX);
        return nowNanos > Long.MAX_VALUE - ahead ? Long.MAX_VALUE : nowNanos + ahead;
    }

    /**
     * So many times a time.
     *
     * @param factor 0 or more
     * @return at most {@link #MILLIS_MAX}, at least 0
     */
    public static Duration multiply(Duration time, int factor) {
        long millis = millis(time);
        boolean fits = factor == 0 || millis <= MILLIS_MAX / factor;
        return Duration.ofMillis(fits ? millis * factor : MILLIS_MAX);
    }

    /** How long to wait: what is negative means, as 0 does, to try once. */
    public static Duration wait(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    /**
     * Checks a time that must pass.
     *
     * @param name of the argument; for the message
     * @return the time
     * @throws ValidationException if it is 0 or less
     */
    public static Duration positive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new ValidationException(name + " must be more than 0, but is " + time);
        }
        return time;
    }
}
