package io.coordinator.client.error;

/**
 * Nobody serves calls of that name, or nobody came to serve them within the wait (PM-RPC-5). The call was not run.
 * Start a worker, or have the call wait for one ({@code CallOptions.waitForWorker}).
 */
public final class NoHandlerException extends UnavailableException {
    public NoHandlerException(String message) {
        super(ErrorCode.ENOHANDLER, true, false, message, null);
    }
}
