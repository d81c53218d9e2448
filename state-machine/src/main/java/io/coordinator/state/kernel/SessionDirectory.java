package io.coordinator.state.kernel;

/** What data types may know about sessions. */
public interface SessionDirectory {
    /**
     * Whether a session is open. One that has ended may still have rows until they are reclaimed: they give nothing to it and
     * protect nothing any more.
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
}
