package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;

/** What an operator asked for is not done; the typed refusal is what the caller is told. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Error error;

    /** @param message says what to do next */
    public RefusedException(ErrorCode code, String message) {
        this(Error.newBuilder().setCode(code).setMessage(message).build());
    }

    public RefusedException(Error error) {
        super(error.getMessage(), null, false, false);
        this.error = error;
    }

    public Error error() {
        return error;
    }
}
