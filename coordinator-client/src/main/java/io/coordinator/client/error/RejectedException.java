package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The request itself is wrong and had no effect; repeating it unchanged gives the same answer.
 */
public abstract sealed class RejectedException extends CoordinatorException
        permits ValidationException,
                UnsupportedCommandException,
                PayloadTooLargeException,
                NotANumberException,
                CounterOverflowException,
                LockReentryException,
                FenceExhaustedException,
                MismatchException,
                BatchException,
                BuildCircleException {
    RejectedException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code, retryable, outcomeUnknown, message, cause);
    }
}
