package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The cluster does not accept these credentials, or not for this. Never retried.
 */
public abstract sealed class AccessException extends CoordinatorException
        permits AuthenticationException, AccessDeniedException {
    AccessException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code, retryable, outcomeUnknown, message, cause);
    }
}
