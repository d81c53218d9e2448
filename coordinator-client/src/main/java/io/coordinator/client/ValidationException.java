package io.coordinator.client;

/** An argument or a setting is bad; the message names it. */
public final class ValidationException extends RejectedException {
    public ValidationException(String message) {
        super(ErrorCode.EINVAL, false, false, message, null);
    }
}
