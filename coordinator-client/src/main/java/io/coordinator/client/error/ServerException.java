package io.coordinator.client.error;

/**
 * The cluster failed in a way it did not expect, or with a code that this version of the SDK does not know. The
 * cluster's logs tell more.
 */
public final class ServerException extends CoordinatorException {
    public ServerException(ErrorCode code, String message, boolean retryable, boolean outcomeUnknown) {
        super(code, retryable, outcomeUnknown, message, null);
    }
}
