package io.coordinator.client.internal.session;

import io.coordinator.protocol.Event;

/**
 * Something that a session holds or waits for in the cluster, known by the number of the command that asked. On the
 * loop.
 */
public interface SessionHolding {
    /** Something happened to it in the cluster. */
    void onEvent(Event event);

    /** The lease has passed by the local clock: to be considered lost, though the session may yet be resumed. */
    void onLeasePassed();

    /** The session is gone for good, and this with it. */
    void onSessionEnded(boolean closedByClient);
}
