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

    /** EBUSY (later), EINVAL (not to be done), EMISMATCH (no backup, or of another version), EBROKER (damaged). */
    public ErrorCode code() {
        return code;
    }
}
