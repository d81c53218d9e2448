package io.coordinator.state.kernel;

/** A command whose operation this version does not know. The replica must stop rather than skip it. */
public final class UnknownOperationException extends RuntimeException {
    public UnknownOperationException(String what) {
        super(what);
    }
}
