package io.coordinator.client.error;

/** The job failed in another process (DL-PUSH-10). Where it ran, callers get the original exception. */
public final class RemoteJobException extends CoordinatorException {
    private final transient BuildFailure failure;

    public RemoteJobException(BuildFailure failure) {
        super(ErrorCode.EREMOTE, false, false, failure.message(), null);
        this.failure = failure;
    }

    /** The runner's own account of the failure. */
    public BuildFailure failure() {
        return failure;
    }

    /** The class name of the original exception. */
    public String name() {
        return failure.type();
    }
}
