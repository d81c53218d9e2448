package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;

/** The node could not start; nothing was changed. The message says what to do. */
public final class StartupException extends Exception {
    private final ErrorCode code;

    public StartupException(ErrorCode code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    public StartupException(ErrorCode code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
