package io.coordinator.client.error;

/** The value to increment is not a JSON number; it is unchanged (PM-ATOM-3). */
public final class NotANumberException extends RejectedException {
    public NotANumberException(String message) {
        super(ErrorCode.ENOTNUMBER, false, false, message, null);
    }
}
