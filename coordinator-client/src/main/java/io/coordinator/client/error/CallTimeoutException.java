package io.coordinator.client.error;

/**
 * A call without a timeout of its own had no result within the default time of 30 s (PM-RPC-9). Its worker was told
 * to stop, but may have done its work. A call with a timeout of its own fails with {@link RequestTimeoutException}
 * instead.
 */
public final class CallTimeoutException extends UnavailableException {
    public CallTimeoutException(String message) {
        super(ErrorCode.ECALLTIMEOUT, true, true, message, null);
    }
}
