package io.coordinator.state;

/** The rows of a snapshot do not add up to its header; the snapshot must not be used. */
public final class CorruptStateException extends Exception {
    public CorruptStateException(String message) {
        super(message);
    }
}
