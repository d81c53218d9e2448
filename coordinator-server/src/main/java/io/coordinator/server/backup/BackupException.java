package io.coordinator.server.backup;

import io.coordinator.protocol.ErrorCode;

/** A backup could not be made or read; the message says why, and what to do. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    BackupException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    BackupException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * EBUSY (later), EINVAL (not to be done), EPERSISTLOCKED (in use), EMISMATCH (no backup or data directory, or of
     * another version), EBROKER (damaged, or the disk failed).
     */
    public ErrorCode code() {
        return code;
    }
}
