package io.coordinator.server.data;

import io.coordinator.protocol.ErrorCode;

/** Something could not be seen or done in a data directory; nothing was changed. The message says what to do. */
public final class OfflineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    OfflineException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    OfflineException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** EPERSISTLOCKED, EMISMATCH, EKEYNOTFOUND (no such entry), EINVAL (not to be done), or EBROKER (damaged). */
    public ErrorCode code() {
        return code;
    }
}
