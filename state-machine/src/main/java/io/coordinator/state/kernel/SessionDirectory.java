package io.coordinator.state.kernel;

/** What data types may know about sessions. */
public interface SessionDirectory {
    /**
     * Whether a session is open. One that has ended may still have rows until they are reclaimed: they give nothing to it and
     * protect nothing any more.
     */
    boolean isOpen(long sessionId);

    /** What a session calls itself, for people; empty if it has ended or has no name. */
    String clientName(long sessionId);
}
