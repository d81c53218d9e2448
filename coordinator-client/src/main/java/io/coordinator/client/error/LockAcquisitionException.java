package io.coordinator.client.error;

/** Another holder has the lock. */
public final class LockAcquisitionException extends ContentionException {
    public LockAcquisitionException(String message) {
        super(ErrorCode.ELOCKHELD, true, false, message, null);
    }
}
