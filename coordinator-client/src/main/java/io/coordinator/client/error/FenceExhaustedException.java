package io.coordinator.client.error;

/** The 64-bit counter of fencing tokens has reached its end, which no cluster does in practice. */
public final class FenceExhaustedException extends RejectedException {
    public FenceExhaustedException(String message) {
        super(ErrorCode.EFENCEEXHAUSTED, false, false, message, null);
    }
}
