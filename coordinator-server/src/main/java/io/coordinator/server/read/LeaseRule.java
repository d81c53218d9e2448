package io.coordinator.server.read;

/** Whether this node's leadership is proven for this very moment. */
public interface LeaseRule {
    /** True if no other node can have acknowledged a write by now. */
    boolean holds();

    /** An entry that this node submitted at that time has been applied under its own leadership. */
    void proven(long submittedNanos);

    /** Never holds until {@link #resume}. */
    void suspend();

    /** Entries submitted from now on are proofs again. */
    void resume();
}
