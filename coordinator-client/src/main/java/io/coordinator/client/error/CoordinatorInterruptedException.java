package io.coordinator.client.error;

/**
 * The calling thread was interrupted while it waited. The call was cancelled, also in the cluster: a queued waiter is
 * withdrawn and a grant that came first is released. The thread's interrupt flag is set again. A plain write may
 * nevertheless have been applied.
 */
public final class CoordinatorInterruptedException extends CoordinatorException {
    public CoordinatorInterruptedException(String message, InterruptedException cause) {
        super(ErrorCode.EINTERRUPTED, true, true, message, cause);
    }
}
