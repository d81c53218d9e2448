package io.coordinator.client.cluster;

/**
 * Hears of changes of the connection. Runs on the client's listener executor, one call at a time, in order; it may
 * block and may use the client. If it throws, whatever it throws, that is logged with the name of its class, and it
 * hears what comes after.
 */
@FunctionalInterface
public interface ConnectionListener {
    /** The state changed. */
    void stateChanged(ConnectionState from, ConnectionState to);

    /**
     * The lost session was replaced by a new one (PM-CONN-9). Locks, waiters and reservations of the old one are gone;
     * watches go on.
     *
     * @param oldSessionId the lost session
     * @param newSessionId the one that later calls use
     */
    default void sessionReplaced(long oldSessionId, long newSessionId) {}

    /**
     * The client is attached to another leader than before.
     *
     * @param node the leader's node id
     * @param term its Raft term
     */
    default void leaderChanged(String node, long term) {}
}
