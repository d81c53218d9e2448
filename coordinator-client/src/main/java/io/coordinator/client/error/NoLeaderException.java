package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/** Nodes answer, but none of them leads a quorum. Look at the cluster; calls succeed again once a majority is up. */
public final class NoLeaderException extends UnavailableException {
    public NoLeaderException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(ErrorCode.ENOLEADER, true, outcomeUnknown, message, cause);
    }
}
