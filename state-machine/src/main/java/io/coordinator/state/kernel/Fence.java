package io.coordinator.state.kernel;

import io.coordinator.protocol.FenceMode;

/**
 * Knows which fencing tokens of a lock still pass. What has expired by now, or whose session has ended, does not,
 * though its row may still be there (C-09).
 */
public interface Fence {
    /** Whether this token is that of a grant that holds the lock now. */
    boolean isLive(Context at, String namespace, String lock, long token);

    /**
     * The token of the newest grant that holds the lock now; 0 if nobody does, or so many have just ended that none is
     * found.
     */
    long liveToken(Context at, String namespace, String lock);

    /** The last token issued for the lock, live or not; 0 if there was none or it has been forgotten. */
    long lastToken(String namespace, String lock);

    /**
     * Whether a token passes. A token that was never issued for the lock passes in no mode (PM-FENCE-6).
     *
     * @throws UnknownOperationException if the mode is of a newer version
     */
    default boolean passes(Context at, String namespace, String lock, long token, FenceMode mode) {
        return switch (mode) {
            case STRICT -> isLive(at, namespace, lock, token);
            case MONOTONIC -> isLive(at, namespace, lock, token) || (token != 0 && token == lastToken(namespace, lock));
            case UNRECOGNIZED -> throw new UnknownOperationException("a mode of fences");
        };
    }
}
