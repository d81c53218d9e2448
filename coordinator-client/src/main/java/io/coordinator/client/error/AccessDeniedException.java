package io.coordinator.client.error;

/** The credentials do not allow this. */
public final class AccessDeniedException extends AccessException {
    public AccessDeniedException(String message) {
        super(ErrorCode.EACCES, false, false, message, null);
    }
}
