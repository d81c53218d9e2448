package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * Somebody else was faster: a lock is held, a build is running, a value has changed. Nothing is wrong with the cluster;
 * try again when it suits.
 */
public abstract sealed class ContentionException extends CoordinatorException
        permits LockAcquisitionException,
                LockTimeoutException,
                MultiLockException,
                BuildPendingException,
                BuildTimeoutException,
                ConflictException,
                TransactionException {
    ContentionException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code, retryable, outcomeUnknown, message, cause);
    }
}
