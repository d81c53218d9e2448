package io.coordinator.client.error;

/**
 * The cluster has another name or speaks another protocol version than this client. Check the endpoints and versions
 * (PM-CONN-3, PM-CONN-7).
 */
public final class MismatchException extends RejectedException {
    public MismatchException(String message) {
        super(ErrorCode.EMISMATCH, false, false, message, null);
    }
}
