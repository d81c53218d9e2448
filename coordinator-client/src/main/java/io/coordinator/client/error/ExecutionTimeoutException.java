package io.coordinator.client.error;

/**
 * A function under a lock ran longer than it may (a lock method of the module {@code coordinator-compat}). Its lock was
 * released and its token is dead,
 * so guarded writes that it may still make have no effect (DJ-LM-3).
 */
public final class ExecutionTimeoutException extends OwnershipLostException {
    public ExecutionTimeoutException(String message) {
        super(ErrorCode.EEXECTIMEOUT, false, true, message, null);
    }
}
