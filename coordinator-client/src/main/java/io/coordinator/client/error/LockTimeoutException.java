package io.coordinator.client.error;

/** The lock was not granted within the wait. Nothing is queued or held for this call any more (PM-LOCK-9). */
public final class LockTimeoutException extends ContentionException {
    public LockTimeoutException(String message) {
        super(ErrorCode.ELOCKTIMEOUT, true, false, message, null);
    }
}
