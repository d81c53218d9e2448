package io.coordinator.server.session;

/** What sessions need to know about who leads. */
public interface Leadership {
    enum State {
        /** Another node leads, or nobody does. */
        ELSEWHERE,
        /** This node was elected, and waits until it may serve. */
        OPENING,
        SERVING
    }

    State state();

    long term();

    /** This node follows no leader, or one that it has not heard of as it should: an election is likely. */
    boolean isLeaderSilent();

    /** The client address of the leader; empty if unknown. */
    String leaderAddress();
}
