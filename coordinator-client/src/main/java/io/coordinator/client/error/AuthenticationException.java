package io.coordinator.client.error;

/** The credentials are bad or missing. The client has stopped; make a new one with the right token (PM-AUTH-3). */
public final class AuthenticationException extends AccessException {
    public AuthenticationException(String message) {
        super(ErrorCode.EAUTH, false, false, message, null);
    }
}
