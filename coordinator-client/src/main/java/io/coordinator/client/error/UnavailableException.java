package io.coordinator.client.error;

import io.coordinator.client.CoordinatorClient;
import org.jspecify.annotations.Nullable;

/**
 * The cluster cannot serve right now, and the call had no effect unless {@link #outcomeUnknown()} says otherwise. The
 * SDK has already retried until the call's deadline: try again later, or look at {@link CoordinatorClient#status()}.
 */
public abstract sealed class UnavailableException extends CoordinatorException
        permits DisconnectedException,
                NoLeaderException,
                ThrottledException,
                QuotaExceededException,
                QueueNoResponseException,
                NoHandlerException,
                HandlerGoneException,
                CallTimeoutException {
    UnavailableException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code, retryable, outcomeUnknown, message, cause);
    }
}
