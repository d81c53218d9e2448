package io.coordinator.client.error;

import io.coordinator.client.lock.LockHandle;

/** The grant was gone before it could be released (strict façades only; {@link LockHandle#release()} answers false). */
public final class LockReleaseException extends OwnershipLostException {
    public LockReleaseException(String message) {
        super(ErrorCode.ELOCKRELEASE, false, false, message, null);
    }
}
