package io.coordinator.state;

/** Our digests at the latest indexes, to compare with the leader's. */
final class DigestHistory {
    private static final int SIZE = 1024;

    private final long[] indexes = new long[SIZE];
    private final long[] digests = new long[SIZE];

    void add(long index, long digest) {
        indexes[slot(index)] = index;
        digests[slot(index)] = digest;
    }

    /** Whether we remember a different digest at this index; index 0 is before every entry. */
    boolean contradicts(long index, long digest) {
        return index != 0 && indexes[slot(index)] == index && digests[slot(index)] != digest;
    }

    private static int slot(long index) {
        return (int) (index & (SIZE - 1));
    }
}
