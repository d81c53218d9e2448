package io.coordinator.client;

/** Another holder has the lock. */
public final class LockAcquisitionException extends ContentionException {
    public LockAcquisitionException(String message) {
        super(ErrorCode.ELOCKHELD, true, false, message, null);
    }
}
