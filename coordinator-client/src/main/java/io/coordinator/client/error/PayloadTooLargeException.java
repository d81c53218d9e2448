package io.coordinator.client.error;

/** A value or request is above the cluster's limit. The old value, the session and the connection are intact (G-15). */
public final class PayloadTooLargeException extends RejectedException {
    public PayloadTooLargeException(String message) {
        super(ErrorCode.ETOOLARGE, false, false, message, null);
    }
}
