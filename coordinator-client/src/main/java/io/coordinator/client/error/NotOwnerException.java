package io.coordinator.client.error;

/** Something was released or changed by a caller that does not own it. */
public final class NotOwnerException extends OwnershipLostException {
    public NotOwnerException(String message) {
        super(ErrorCode.ENOTOWNER, false, false, message, null);
    }
}
