package io.coordinator.server.session;

import java.util.List;

/** Who goes with the sessions of a node. Calls come from any thread, under locks too, and must return at once. */
public interface SessionFollower {
    /** A stream has taken the session on, for the first time or again. */
    void attached(long sessionId);

    /** The session has no stream any more; not called for all of them when leadership is lost. */
    default void detached(long sessionId) {}

    /** These sessions were silent for longer than their leases; {@link #ended} is called for each as well. */
    default void reaped(List<Long> sessions) {}

    /** The session has ended. */
    void ended(long sessionId);

    /** This node serves no longer. */
    void leadershipLost();
}
