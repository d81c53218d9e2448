package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/** No node could be reached until the deadline, or at once with {@code failFast} (PM-CONN-10, PM-CONN-11). */
public final class DisconnectedException extends UnavailableException {
    public DisconnectedException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(ErrorCode.EDISCONNECTED, true, outcomeUnknown, message, cause);
    }
}
