package io.coordinator.server.raft;

/** What the log tells this node. Calls come on the log's own threads: they must be short and must not block. */
public interface LogListener {
    /** This node was just elected; it is not ready yet. */
    void elected();

    /** Everything of earlier terms has been applied; entries can be submitted. Same thread as {@link #applied}. */
    void ready(long term);

    /** This node leads no longer. */
    void deposed();

    /** An entry was applied; in log order, always on the same thread. */
    void applied(AppliedEntry entry);

    /** The state was replaced by a snapshot from the leader. */
    void installed();

    /** The log or the state machine is broken beyond repair; this process must end. */
    void broken(Throwable cause);
}
