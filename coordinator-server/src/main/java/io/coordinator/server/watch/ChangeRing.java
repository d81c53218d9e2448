package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The most recent changes, in order of revision, bounded by count and bytes. Positions count all changes ever added, so
 * a cursor stays valid while others are dropped. Not thread-safe.
 */
final class ChangeRing {
    /** A change with its slot and the objects of its names, besides its bytes. Measured: about 150. */
    static final int CHANGE_HEAP = 160;

    private static final int INITIAL_SLOTS = 256;

    private final int changesMax;
    private final long bytesMax;
    private @Nullable Change[] slots = new Change[INITIAL_SLOTS];
    private long first;
    private long next;
    private long bytes;
    private long floorRevision;

    /**
     * An empty ring.
     *
     * @param position of the first change to come; higher than any cursor into the ring in whose place it comes
     * @param floorRevision the last revision whose changes are not in here any more
     */
    ChangeRing(int changesMax, long bytesMax, long position, long floorRevision) {
        this.first = position;
        this.next = position;
        this.changesMax = changesMax;
        this.bytesMax = bytesMax;
        this.floorRevision = floorRevision;
    }

    void add(Change change) {
        if (next - first == slots.length) {
            grow();
        }
        slots[slot(next)] = change;
        next++;
        bytes += heap(change);
        while (next - first > changesMax || (bytes > bytesMax && next - first > 1)) {
            dropFirst();
        }
    }

    private static long heap(Change change) {
        return (long) CHANGE_HEAP + change.getSerializedSize();
    }

    /** The position of the oldest change. */
    long first() {
        return first;
    }

    /** The position that the next change will have. */
    long next() {
        return next;
    }

    long bytes() {
        return bytes;
    }

    /** Changes of this revision and of earlier ones may be missing. */
    long floorRevision() {
        return floorRevision;
    }

    Change get(long position) {
        Change change = slots[slot(position)];
        if (position < first || position >= next || change == null) {
            throw new IndexOutOfBoundsException(position + " is not in " + first + ".." + next);
        }
        return change;
    }

    /** The position of the first change of this revision or a later one. */
    long positionOf(long revision) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (get(middle).getRevision() < revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void dropFirst() {
        Change dropped = get(first);
        slots[slot(first)] = null;
        first++;
        bytes -= heap(dropped);
        floorRevision = dropped.getRevision();
    }

    private void grow() {
        @Nullable Change[] larger = Arrays.copyOf(slots, slots.length * 2);
        Arrays.fill(larger, null);
        for (long position = first; position < next; position++) {
            larger[(int) (position & (larger.length - 1))] = slots[slot(position)];
        }
        slots = larger;
    }

    private int slot(long position) {
        return (int) (position & (slots.length - 1));
    }
}
