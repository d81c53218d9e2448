package io.coordinator.client.option;

/** How fresh the answer of a read is. */
public enum ReadConsistency {
    /** Linearizable, by the leader's log lease: the default. */
    LINEARIZABLE,
    /** Linearizable without trust in any clock: costs a round of the quorum. */
    QUORUM,
    /** Whatever any reachable node has applied, even without a leader; the answer tells its revision. */
    STALE
}
