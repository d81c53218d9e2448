package io.coordinator.client.error;

/**
 * The worker that had the call is gone: its session ended, or it was closed before its handler was done (PM-RPC-7).
 * What the handler had done by then is not known, and nobody else gets the call. Call again if that does no harm; a
 * call that is {@code CallOptions.idempotent} goes to another worker by itself.
 */
public final class HandlerGoneException extends UnavailableException {
    public HandlerGoneException(String message) {
        super(ErrorCode.EHANDLERGONE, true, true, message, null);
    }
}
