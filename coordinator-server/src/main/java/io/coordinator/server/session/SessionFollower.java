package io.coordinator.server.session;

/** Who goes with the sessions of a node. Calls come from any thread, under locks too, and must return at once. */
public interface SessionFollower {
    /** A stream has taken the session on, for the first time or again. */
    void attached(long sessionId);

    /** The session has ended. */
    void ended(long sessionId);

    /** This node serves no longer. */
    void leadershipLost();
}
