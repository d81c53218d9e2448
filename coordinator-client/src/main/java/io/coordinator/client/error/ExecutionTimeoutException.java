package io.coordinator.client.error;

import io.coordinator.client.lock.LockMethodOptions;

/**
 * A wrapped call ran longer than its {@link LockMethodOptions#maxExecution}. Its lock was released and its token is
 * dead, so guarded writes that it may still make have no effect (DJ-LM-3).
 */
public final class ExecutionTimeoutException extends OwnershipLostException {
    public ExecutionTimeoutException(String message) {
        super(ErrorCode.EEXECTIMEOUT, false, true, message, null);
    }
}
