package io.coordinator.client.error;

/** The sum does not fit 64 bits; the value is unchanged (PM-ATOM-4). */
public final class CounterOverflowException extends RejectedException {
    public CounterOverflowException(String message) {
        super(ErrorCode.EOVERFLOW, false, false, message, null);
    }
}
