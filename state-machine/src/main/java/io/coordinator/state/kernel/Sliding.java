package io.coordinator.state.kernel;

/**
 * Expiry when a value was not accessed for a time. Not every access is logged: the deadline is set a tenth later
 * than needed, and an access is logged only when less than the full time is left. So nothing expires early, a value
 * expires at most a tenth late, and a key that is read all the time costs ten log entries per time to live.
 */
public final class Sliding {
    private static final int SLACK = 10;

    private Sliding() {}

    /** The stamp after an access. */
    public static long expiry(Context at, long slidingMillis) {
        long slack = slidingMillis / SLACK;
        return at.deadlineAfter(slidingMillis > Long.MAX_VALUE - slack ? Long.MAX_VALUE : slidingMillis + slack);
    }

    /** Whether an access now must be logged. */
    public static boolean isDue(Context at, long expiresAtMillis, long slidingMillis) {
        return slidingMillis > 0 && expiresAtMillis < at.deadlineAfter(slidingMillis);
    }
}
