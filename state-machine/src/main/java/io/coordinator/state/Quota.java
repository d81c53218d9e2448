package io.coordinator.state;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * How far the state may grow. Counts with a command the reply that its session keeps until it is acknowledged: a
 * command of a few bytes may have one of megabytes.
 *
 * <p>A full state still takes what gives things up, and answers in a few words, so that it can be made smaller. What
 * sessions keep of replies is held down in another way: each may leave but little unacknowledged while the state is
 * full. Events need no such bound: there are as many as waiters and grants that end, and a full state takes on no new
 * ones.
 */
final class Quota {
    /** Of one session while the state is full. */
    private static final long UNACKNOWLEDGED_MAX_FULL = 64L << 10;
    /**
     * Of one session while the state is so far beyond its quota that many sessions must have filled it with replies.
     */
    private static final long UNACKNOWLEDGED_MAX_OVERFULL = 4L << 10;
    /** A reply that takes no more is given even by a full state. */
    private static final long SMALL_REPLY = 4L << 10;

    private static final int OVERFULL_PART = 16;
    private static final long OVERFULL_MIN = 1L << 20;

    private final State state;

    Quota(State state) {
        this.state = state;
    }

    /** Whether a session must acknowledge before more of its commands are applied. */
    boolean holdsBack(Session session) {
        return session.isFull(unacknowledgedMax(state.storage.usage().bytes()));
    }

    /**
     * Why a command that has been carried out must be undone; null if it may stay.
     *
     * @param bytesBefore what the state took before it
     * @param freeing whether it gives things up, and so may also grow the state a little
     */
    Reply.@Nullable Builder refusal(Context at, Reply reply, long bytesBefore, boolean freeing) {
        long bytes = state.storage.usage().bytes();
        Session session = at.sessionId() == 0 ? null : state.sessions.find(at.sessionId());
        long kept = session == null ? 0 : Session.heapOf(reply);
        if (!isFull(bytes + kept) || bytes + kept <= bytesBefore) {
            return null;
        }
        if (bytes > bytesBefore && !freeing) {
            return full();
        }
        boolean fits =
                session == null || kept <= SMALL_REPLY || session.replyHeap() + kept <= unacknowledgedMax(bytes + kept);
        return fits ? null : replyTooLarge(kept);
    }

    private boolean isFull(long bytes) {
        return state.stateBytesMax != 0 && bytes > state.stateBytesMax;
    }

    private long unacknowledgedMax(long bytes) {
        if (!isFull(bytes)) {
            return Session.UNACKNOWLEDGED_BYTES_MAX;
        }
        long over = bytes - state.stateBytesMax;
        return over <= state.stateBytesMax / OVERFULL_PART + OVERFULL_MIN
                ? UNACKNOWLEDGED_MAX_FULL
                : UNACKNOWLEDGED_MAX_OVERFULL;
    }

    private Reply.Builder full() {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                "the cluster's state has reached its quota of " + state.stateBytesMax
                        + " bytes (state-bytes-max), so nothing was changed; delete what is not needed, or give the members"
                        + " more heap");
    }

    private Reply.Builder replyTooLarge(long bytes) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                "the reply takes " + bytes
                        + " bytes until it is acknowledged, and the cluster's state has reached its quota"
                        + " of " + state.stateBytesMax + " bytes (state-bytes-max), so nothing was changed; ask with a"
                        + " query, which keeps nothing, or delete what is not needed");
    }
}
