package io.coordinator.state.kernel;

/** A row in memory, with what its table keeps about it. */
final class Slot<M> {
    final String key;
    M row;
    /** What the row contributes to the digest. */
    long hash;
    /** Where its heap is counted. */
    final Usage.Count usage;
    /** Where {@link DirtyRows} lists the row, if {@code dirtyGeneration} is the current one. */
    int dirtyAt;

    int dirtyGeneration;

    Slot(String key, M row, long hash, Usage.Count usage) {
        this.key = key;
        this.row = row;
        this.hash = hash;
        this.usage = usage;
    }
}
