package io.coordinator.server.session;

/** What sessions need to know about who leads. */
public interface LeaderView {
    enum State {
        /** Another node leads, or nobody does. */
        ELSEWHERE,
        /** This node was elected, and waits until it may serve. */
        OPENING,
        SERVING
    }

    State state();

    long term();

    /**
     * False if this node is about to end: who wants a new session waits until another leads, or this one has ended, and
     * is told where to go then.
     */
    default boolean admitsNewSessions() {
        return true;
    }

    /** How long ago this node heard of the leader that it follows; {@link Long#MAX_VALUE} if it follows none. */
    long leaderSilenceNanos();

    /** A leader that is silent for longer has missed a heartbeat. */
    long heartbeatNanos();

    /** The client address of the leader; empty if unknown. */
    String leaderAddress();
}
