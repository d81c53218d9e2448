package io.coordinator.server.event;

/**
 * Hears what happens on a node (PM-EVT-2). Runs on a thread of its own, one call at a time, in order; it may block, but
 * while more than {@value ServerEvents#WAITING_MAX} events wait for it further ones are left out, and that is logged.
 * What it throws is logged. What there is at present, {@code CoordinatorServer.status()} and the metrics tell at any
 * time; that a node had to stop, {@code CoordinatorServer.terminated()} tells.
 */
public interface ServerListener {
    /** Hears nothing. */
    ServerListener NONE = new ServerListener() {};

    /** A client's stream has taken on its session, for the first time or again. */
    default void connected(long sessionId) {}

    /** The session has no stream any more, and goes on for its lease. Not told when this node stops to lead. */
    default void disconnected(long sessionId) {}

    /** The session was silent for longer than its lease, and has ended with all that it held. */
    default void reaped(long sessionId) {}

    /** Messages of ephemeral topics are dropped for this session from now on, since its client is behind. */
    default void dropping(long sessionId) {}

    /**
     * This node's state is another than that of a majority of the members. It ends, and keeps its data in a directory
     * {@code diverged-…} below its data directory; restarted, it receives the state from the others.
     *
     * @param index of the log, after which the states differed
     */
    default void diverged(long index) {}

    /** A snapshot could not be written; the log is kept, and grows until one can. */
    default void persistFailed(Throwable why) {}
}
