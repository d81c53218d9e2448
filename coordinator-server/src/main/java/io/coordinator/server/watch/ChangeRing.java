package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The most recent changes of one kind of data, in their order, bounded by count and bytes. Each has a position in the
 * one order of the changes of all kinds, and an index that counts the changes of this ring. Neither is given out again,
 * so both stay valid while changes are dropped. Not thread-safe.
 */
final class ChangeRing {
    /**
     * A change with its slot, its position and the objects of its names, besides its bytes. Measured: about 150 and 8.
     */
    static final int CHANGE_HEAP = 168;

    private static final int INITIAL_SLOTS = 256;

    private final int changesMax;
    private final long bytesMax;
    private @Nullable Change[] changes = new Change[INITIAL_SLOTS];
    private long[] positions = new long[INITIAL_SLOTS];
    private long first;
    private long next;
    private long bytes;
    private long floorPosition;
    private long floorRevision;

    /**
     * An empty ring.
     *
     * @param floorPosition changes before this position are not in here
     * @param floorRevision the last revision whose changes are not in here
     */
    ChangeRing(int changesMax, long bytesMax, long floorPosition, long floorRevision) {
        this.changesMax = changesMax;
        this.bytesMax = bytesMax;
        this.floorPosition = floorPosition;
        this.floorRevision = floorRevision;
    }

    void add(long position, Change change) {
        if (next - first == changes.length) {
            grow();
        }
        changes[slot(next)] = change;
        positions[slot(next)] = position;
        next++;
        bytes += heap(change);
        while (next - first > changesMax || (bytes > bytesMax && next - first > 1)) {
            dropFirst();
        }
    }

    /** Drops all changes, as if one more had come and gone: who has seen every one until now has missed something. */
    void restart(long newFloorPosition, long newFloorRevision) {
        changes = new Change[INITIAL_SLOTS];
        positions = new long[INITIAL_SLOTS];
        next++;
        first = next;
        bytes = 0;
        floorPosition = newFloorPosition;
        floorRevision = newFloorRevision;
    }

    private static long heap(Change change) {
        return (long) CHANGE_HEAP + change.getSerializedSize();
    }

    /** The index of the oldest change. */
    long first() {
        return first;
    }

    /** The index that the next change will have. */
    long next() {
        return next;
    }

    long bytes() {
        return bytes;
    }

    /** Changes before this position may be missing. */
    long floorPosition() {
        return floorPosition;
    }

    /** Changes of this revision and of earlier ones may be missing. */
    long floorRevision() {
        return floorRevision;
    }

    Change get(long index) {
        Change change = changes[slot(index)];
        if (index < first || index >= next || change == null) {
            throw new IndexOutOfBoundsException(index + " is not in " + first + ".." + next);
        }
        return change;
    }

    /** The position of a change; at the end of the ring the first that is behind all its changes. */
    long position(long index) {
        if (index < first || index > next) {
            throw new IndexOutOfBoundsException(index + " is not in " + first + ".." + next);
        }
        if (index == next) {
            return first == next ? floorPosition : positions[slot(next - 1)] + 1;
        }
        return positions[slot(index)];
    }

    /** The index of the first change at this position or a later one. */
    long indexOf(long position) {
        return firstAfter(index -> positions[slot(index)] < position);
    }

    /** The index of the first change of this revision or a later one. */
    long indexOfRevision(long revision) {
        return firstAfter(index -> get(index).getRevision() < revision);
    }

    private long firstAfter(LongPredicate before) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (before.test(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void dropFirst() {
        Change dropped = get(first);
        floorPosition = position(first) + 1;
        floorRevision = dropped.getRevision();
        changes[slot(first)] = null;
        first++;
        bytes -= heap(dropped);
    }

    private void grow() {
        @Nullable Change[] moreChanges = new Change[changes.length * 2];
        long[] morePositions = new long[positions.length * 2];
        for (long index = first; index < next; index++) {
            int slot = (int) (index & (moreChanges.length - 1));
            moreChanges[slot] = changes[slot(index)];
            morePositions[slot] = positions[slot(index)];
        }
        changes = moreChanges;
        positions = morePositions;
    }

    private int slot(long index) {
        return (int) (index & (changes.length - 1));
    }
}
