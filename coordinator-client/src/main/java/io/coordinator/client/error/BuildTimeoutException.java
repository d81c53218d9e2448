package io.coordinator.client.error;

/** Another builder did not finish within this caller's wait; the build and its other waiters go on (JC-BOR-13). */
public final class BuildTimeoutException extends ContentionException {
    public BuildTimeoutException(String message) {
        super(ErrorCode.EBUILDTIMEOUT, true, false, message, null);
    }
}
