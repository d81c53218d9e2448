package io.coordinator.client.error;

/** The cluster's active version does not know this command; upgrade all its members (PM-CONN-19). */
public final class UnsupportedCommandException extends RejectedException {
    public UnsupportedCommandException(String message) {
        super(ErrorCode.EUNKNOWN, false, false, message, null);
    }
}
