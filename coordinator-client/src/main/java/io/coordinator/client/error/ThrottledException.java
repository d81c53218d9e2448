package io.coordinator.client.error;

import java.time.Duration;

/**
 * A limit on pending work was reached, in this client, its work executor or the cluster; the call had no effect.
 */
public final class ThrottledException extends UnavailableException {
    private final Duration retryAfter;

    /**
     * With the time after which to try again.
     *
     * @param retryAfter 0 if nothing is known, not negative; in milliseconds
     */
    public ThrottledException(String message, Duration retryAfter) {
        super(ErrorCode.EBUSY, true, false, message, null);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before the next attempt; zero if nothing is known, never negative. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
