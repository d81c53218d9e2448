package io.coordinator.client.error;

/** The client is closed. Calls that were in flight at that moment may or may not have been applied. */
public final class ClosedException extends CoordinatorException {
    public ClosedException(String message, boolean outcomeUnknown) {
        super(ErrorCode.ECLOSED, false, outcomeUnknown, message, null);
    }
}
