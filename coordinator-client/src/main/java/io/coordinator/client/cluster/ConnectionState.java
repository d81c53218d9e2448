package io.coordinator.client.cluster;

/** What a client knows of its session. */
public enum ConnectionState {
    /** A session is open and the leader answers. */
    CONNECTED,
    /** The stream to the leader is gone; the session, and all that it holds, is still good until the lease passes. */
    SUSPENDED,
    /**
     * The lease passed without an answer, or the cluster said that the session is gone: nothing is held any more, and
     * every handle has reported its loss.
     */
    LOST,
    /** Connected again: with the same session after SUSPENDED, perhaps with a new one after LOST. */
    RECONNECTED,
    /** The client was closed, or gave up because its credentials were refused. Final. */
    CLOSED
}
