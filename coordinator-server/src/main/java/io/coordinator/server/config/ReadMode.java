package io.coordinator.server.config;

/** How linearizable reads prove that this node still leads. */
public enum ReadMode {
    /** By the log lease; trusts that monotonic clocks run at nearly the same rate. */
    LEASE,
    /** By an entry that was submitted after the read arrived; trusts no clock. */
    QUORUM
}
