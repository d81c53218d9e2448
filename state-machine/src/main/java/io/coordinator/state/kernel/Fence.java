package io.coordinator.state.kernel;

import io.coordinator.protocol.FenceMode;

/** Knows which fencing tokens of a lock still pass. */
public interface Fence {
    /** Whether this token is that of a grant that holds the lock now. */
    boolean isLive(String namespace, String lock, long token);

    /** The token of the newest grant that holds the lock now; 0 if nobody does. */
    long liveToken(String namespace, String lock);

    /** The last token issued for the lock, live or not; 0 if there was none or it has been forgotten. */
    long lastToken(String namespace, String lock);

    /**
     * Whether a token passes. A token that was never issued for the lock passes in no mode (PM-FENCE-6).
     *
     * @throws UnknownOperationException if the mode is of a newer version
     */
    default boolean passes(String namespace, String lock, long token, FenceMode mode) {
        return switch (mode) {
            case STRICT -> isLive(namespace, lock, token);
            case MONOTONIC -> isLive(namespace, lock, token) || (token != 0 && token == lastToken(namespace, lock));
            case UNRECOGNIZED -> throw new UnknownOperationException("a mode of fences");
        };
    }
}
