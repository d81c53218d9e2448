package io.coordinator.client.error;

/** The grant was gone before it could be extended. Stop the protected work. */
public final class LockExtendException extends OwnershipLostException {
    public LockExtendException(String message) {
        super(ErrorCode.ELOCKEXTEND, false, false, message, null);
    }
}
