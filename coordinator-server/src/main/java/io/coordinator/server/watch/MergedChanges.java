package io.coordinator.server.watch;

import io.coordinator.protocol.Change;

/** Goes through the changes of several rings in their one order, while nothing is added to any. Not thread-safe. */
final class MergedChanges {
    private final ChangeRing[] rings;
    private final long[] indexes;
    private int size;

    MergedChanges(int rings) {
        this.rings = new ChangeRing[rings];
        this.indexes = new long[rings];
    }

    /** The changes of a ring from an index on. */
    void add(ChangeRing ring, long index) {
        rings[size] = ring;
        indexes[size] = index;
        size++;
    }

    /** The position of the next change, or that one if there is none. */
    long positionOr(long end) {
        int ring = first();
        return ring < 0 ? end : rings[ring].position(indexes[ring]);
    }

    boolean hasNext() {
        return first() >= 0;
    }

    /** The next change, to be seen again. */
    Change peek() {
        int ring = first();
        return rings[ring].get(indexes[ring]);
    }

    /** The next change. */
    Change next() {
        int ring = first();
        Change next = rings[ring].get(indexes[ring]);
        indexes[ring]++;
        return next;
    }

    /** The ring whose next change is before those of the others; negative if none has any. */
    private int first() {
        int first = -1;
        for (int ring = 0; ring < size; ring++) {
            if (indexes[ring] < rings[ring].next() && (first < 0 || position(ring) < position(first))) {
                first = ring;
            }
        }
        return first;
    }

    private long position(int ring) {
        return rings[ring].position(indexes[ring]);
    }
}
