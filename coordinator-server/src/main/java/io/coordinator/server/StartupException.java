package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;

/** The node could not start; nothing was changed. The message says what to do. */
public final class StartupException extends Exception {
    private final ErrorCode code;
    private final String reason;

    public StartupException(ErrorCode code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
        this.reason = message;
    }

    public StartupException(ErrorCode code, String message) {
        super(code + ": " + message);
        this.code = code;
        this.reason = message;
    }

    public ErrorCode code() {
        return code;
    }

    /** The message without the code. */
    public String reason() {
        return reason;
    }

    /** Whether the program is at fault, so far as is known, and not what it met. */
    public boolean isDefect() {
        return getCause() instanceof RuntimeException;
    }
}
