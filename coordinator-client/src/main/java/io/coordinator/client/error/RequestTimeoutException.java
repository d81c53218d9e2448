package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The call's deadline passed without an answer (PM-CONN-12), or the answer came when it was no longer true: a grant had
 * ended by then. For a write, {@link #outcomeUnknown()} is true if it may have reached the cluster.
 */
public final class RequestTimeoutException extends CoordinatorException {
    public RequestTimeoutException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(ErrorCode.ETIMEOUT, true, outcomeUnknown, message, cause);
    }
}
