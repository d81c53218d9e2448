package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * How much one kind of data may tell a session that acknowledges nothing. The type that sends holds it, and asks before
 * it takes on what can make it send: a request that waits, a grant that can be lost. What it has taken on, it tells, so
 * that no outcome is ever held back. A session that does not read is thus given no more of that kind, while all its
 * other commands and everybody else go on.
 */
public final class EventCredit {
    /**
     * So many unacknowledged events of one kind use up its credit. Part of what every replica computes, so a constant.
     */
    public static final int EVENTS_MAX = 65_536;
    /**
     * So do so many bytes of them, with the values that they tell: these stay in the state until the last has heard of
     * them.
     */
    public static final long BYTES_MAX = Budget.BYTES_MAX;

    private static final long RETRY_AFTER_MILLIS = 100;

    private final DataKind kind;
    private final SessionDirectory sessions;

    /** @param kind of the type that sends */
    public EventCredit(DataKind kind, SessionDirectory sessions) {
        this.kind = kind;
        this.sessions = sessions;
    }

    /** Whether a session must acknowledge events of this kind before it is given what can lead to more. */
    public boolean isUsedUp(long sessionId) {
        return sessions.eventsUnheard(sessionId, kind) >= EVENTS_MAX
                || sessions.eventBytesUnheard(sessionId, kind) >= BYTES_MAX;
    }

    /** The refusal of what can lead to more events; null if the session has credit. */
    public Reply.@Nullable Builder refusal(long sessionId) {
        return isUsedUp(sessionId) ? Reply.newBuilder().setError(error(sessionId)) : null;
    }

    private Error.Builder error(long sessionId) {
        String message =
                "session " + sessionId + " has not acknowledged " + sessions.eventsUnheard(sessionId, kind) + " "
                        + kind + " events of " + sessions.eventBytesUnheard(sessionId, kind)
                        + " bytes; nothing was changed: acknowledge what has come, and try again";
        return Refusals.error(ErrorCode.EBUSY, message).toBuilder().setRetryAfterMillis(RETRY_AFTER_MILLIS);
    }
}
