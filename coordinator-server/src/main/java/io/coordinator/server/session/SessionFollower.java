package io.coordinator.server.session;

/** Who goes with the sessions of a node. Calls come from any thread, under locks too, and must return at once. */
public interface SessionFollower {
    /** A node that has nothing besides sessions. */
    SessionFollower NONE = new SessionFollower() {
        @Override
        public void attached(long sessionId) {}

        @Override
        public void ended(long sessionId) {}

        @Override
        public void leadershipLost() {}
    };

    /** A stream has taken the session on, for the first time or again. */
    void attached(long sessionId);

    /** The session has ended. */
    void ended(long sessionId);

    /** This node serves no longer. */
    void leadershipLost();
}
