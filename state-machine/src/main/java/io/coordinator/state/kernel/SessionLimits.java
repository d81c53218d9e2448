package io.coordinator.state.kernel;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;

/**
 * How much one session may have, and how many may wait for one thing. Part of what every replica computes, so
 * constants. See docs/limits.md.
 */
public final class SessionLimits {
    /** Requests of one session that wait, for each kind of data. */
    public static final int WAITERS_MAX = 10_000;
    /** Locks, or grants of permits, that one session holds. */
    public static final int HOLDS_MAX = 100_000;
    /** Builds that one session has reserved. */
    public static final int RESERVATIONS_MAX = 10_000;
    /** Calls of one session that are not over. */
    public static final int CALLS_MAX = 10_000;
    /** Procedures that one session serves. */
    public static final int REGISTRATIONS_MAX = 10_000;
    /** Those who wait for one lock, semaphore or build. */
    public static final int QUEUE_MAX = 100_000;

    private SessionLimits() {}

    /** The refusal of a session that has as much as it may. */
    public static Reply.Builder sessionIsFull(long sessionId, String has, int max) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                "session " + sessionId + " has " + has + ", and a session may have " + max
                        + "; nothing was changed: give some up first, or use another session");
    }

    /** The refusal of one more in a queue that is full. */
    public static Reply.Builder queueIsFull(String what) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                QUEUE_MAX + " requests wait for " + what + ", and no more may; nothing was changed: try again later");
    }
}
