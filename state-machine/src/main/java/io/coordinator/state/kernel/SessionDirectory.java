package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;

/** What data types may know about sessions. */
public interface SessionDirectory {
    /**
     * Whether a session is open. One that has ended may still have rows until they are reclaimed: they give nothing to
     * it and protect nothing any more.
     */
    boolean isOpen(long sessionId);

    /**
     * Whether what a session holds or waits for has ended, by its deadline or with the session, although its row may
     * still be there.
     */
    default boolean isOver(Context at, long sessionId, long deadlineMillis) {
        return at.isPast(deadlineMillis) || !isOpen(sessionId);
    }

    /** What a session calls itself, for people; empty if it has ended or has no name. */
    String clientName(long sessionId);

    /** How many events of a kind of data a session has not acknowledged; 0 if it has ended. */
    int eventsUnheard(long sessionId, DataKind kind);

    /** The bytes of these, with the values that they tell. */
    long eventBytesUnheard(long sessionId, DataKind kind);
}
