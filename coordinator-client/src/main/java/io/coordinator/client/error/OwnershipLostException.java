package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * Something this caller believed to own is no longer its own. Stop the protected work; to go on, acquire anew.
 */
public abstract sealed class OwnershipLostException extends CoordinatorException
        permits SessionExpiredException,
                FencedException,
                LockExtendException,
                LockReleaseException,
                NotOwnerException,
                ExecutionTimeoutException,
                BuildLostException,
                JobLeaseLostException {
    OwnershipLostException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code, retryable, outcomeUnknown, message, cause);
    }
}
