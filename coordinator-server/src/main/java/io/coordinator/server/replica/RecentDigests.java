package io.coordinator.server.replica;

import java.util.Arrays;
import java.util.OptionalLong;

/** What the digests of this replica were after its latest entries. Thread-safe, and never waits for the state. */
final class RecentDigests {
    private static final int SIZE = 4_096;

    private final long[] indexes = new long[SIZE];
    private final long[] digests = new long[SIZE];

    synchronized void add(long index, long digest) {
        indexes[slot(index)] = index;
        digests[slot(index)] = digest;
    }

    /** Another state came in place of this one. */
    synchronized void clear() {
        Arrays.fill(indexes, 0);
    }

    /** Empty if the entry was not applied here, or is too old; index 0 is before every entry. */
    synchronized OptionalLong at(long index) {
        return index != 0 && indexes[slot(index)] == index
                ? OptionalLong.of(digests[slot(index)])
                : OptionalLong.empty();
    }

    private static int slot(long index) {
        return (int) (index & (SIZE - 1));
    }
}
