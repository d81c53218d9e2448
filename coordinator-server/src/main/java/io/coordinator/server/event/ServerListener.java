package io.coordinator.server.event;

/**
 * Hears what happens on a node (PM-EVT-2). Given to {@code CoordinatorServer.builder()} by a program that runs the node
 * in itself; a node in a process of its own finds implementations by {@link java.util.ServiceLoader}: a jar on its
 * class path names them in {@code META-INF/services/io.coordinator.server.event.ServerListener}.
 *
 * <p>Every listener of a node hears everything. All run on one thread of their own, one call at a time, in order. They
 * may block, but while more than {@value ServerEvents#WAITING_MAX} events wait further ones are left out, and that is
 * logged. What one throws is logged, and the others hear the event all the same. Nothing is told any more once the node
 * has begun to close its parts. What there is at present, {@code CoordinatorServer.status()} and the metrics tell at
 * any time; that a node has stopped or had to, {@code CoordinatorServer.terminated()} tells.
 */
public interface ServerListener {
    /** Hears nothing. */
    ServerListener NONE = new ServerListener() {};

    /**
     * The node serves or could: it has caught up, and a leader is known. Told once; later on {@code /ready} and the
     * status say how it is.
     */
    default void ready() {}

    /**
     * This node leads and serves clients from now on.
     *
     * @param term of the leadership; grows with each
     */
    default void leadershipGained(long term) {}

    /** This node leads no longer: it has handed over, was deposed or could not be heard by a majority. */
    default void leadershipLost() {}

    /** A client's stream has taken on its session, for the first time or again. */
    default void connected(long sessionId) {}

    /** The session has no stream any more, and goes on for its lease. Not told when this node stops to lead. */
    default void disconnected(long sessionId) {}

    /** The session was silent for longer than its lease, and has ended with all that it held. */
    default void reaped(long sessionId) {}

    /** Messages of ephemeral topics are dropped for this session from now on, since its client is behind. */
    default void dropping(long sessionId) {}

    /**
     * A snapshot was written.
     *
     * @param index of the last entry that it holds
     */
    default void snapshotTaken(long index) {}

    /** A snapshot could not be written; the log is kept, and grows until one can. */
    default void persistFailed(Throwable why) {}

    /**
     * Something is wrong that an operator must look into. The node's log has it as well.
     *
     * @param alarm which kind
     * @param what happened, for people
     */
    default void alarm(ServerAlarm alarm, String what) {}
}
