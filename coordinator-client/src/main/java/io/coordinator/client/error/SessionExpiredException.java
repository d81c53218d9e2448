package io.coordinator.client.error;

import io.coordinator.client.ClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The session's lease passed without contact: its locks, waiters and reservations are gone, and calls that were in
 * flight may or may not have been applied. Calls made from now on use a new session, unless
 * {@link ClientConfig#replaceSession()} is off.
 */
public final class SessionExpiredException extends OwnershipLostException {
    public SessionExpiredException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(ErrorCode.ESESSION, false, outcomeUnknown, message, cause);
    }
}
