package io.coordinator.server.snapshot;

/** No usable snapshot, or none could be written; the message says what to do. */
public final class SnapshotException extends Exception {
    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
