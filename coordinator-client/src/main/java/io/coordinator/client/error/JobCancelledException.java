package io.coordinator.client.error;

/**
 * The job that was awaited was cancelled, or purged before it ran. If it ran when it was cancelled, its worker has
 * stopped; what that had done by then is done.
 */
public final class JobCancelledException extends CoordinatorException {
    public JobCancelledException(String message) {
        super(ErrorCode.EJOBCANCELLED, false, false, message, null);
    }
}
