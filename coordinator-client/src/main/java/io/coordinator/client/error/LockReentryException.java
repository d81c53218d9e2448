package io.coordinator.client.error;

/**
 * A lock taken with {@code LockOptions.reentrant} is entered as often as it can be, so it was not entered again.
 * The grant and all its entries are as they were; release as often as you acquire (PM-LOCK-7).
 */
public final class LockReentryException extends RejectedException {
    public LockReentryException(String message) {
        super(ErrorCode.EOVERFLOW, false, false, message, null);
    }
}
