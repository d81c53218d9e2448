package io.coordinator.client.error;

/**
 * The function of the builder that this caller waited for failed (JC-BOR-7). Nothing is stored; the next call builds
 * anew. The builder itself gets its own exception, not this one.
 */
public final class BuildFailedException extends CoordinatorException {
    private final transient BuildFailure failure;

    public BuildFailedException(String message, BuildFailure failure) {
        super(ErrorCode.EBUILDFAILED, true, false, message, null);
        this.failure = failure;
    }

    /** The builder's own account of the failure. */
    public BuildFailure failure() {
        return failure;
    }
}
