package io.coordinator.cli.job;

/** A command has not done its job: it has failed, or was told to end before it had. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
