package io.coordinator.client.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * The commands of one session that were given a number and have no reply yet, in order. A ring, so that finding one by
 * its number is an index. Not thread-safe.
 */
final class CommandLog {
    private @Nullable CommandCall[] ring = new CommandCall[64];

    /** The lowest number without a reply. */
    private long first = 1;

    /** The next number to give. */
    private long next = 1;

    long first() {
        return first;
    }

    long next() {
        return next;
    }

    boolean isEmpty() {
        return first == next;
    }

    /** The span from the lowest number without a reply to the highest given. */
    long span() {
        return next - first;
    }

    /** Every reply up to this number has come. */
    long ackedSeq() {
        return first - 1;
    }

    long append(CommandCall call) {
        if (span() == ring.length) {
            grow();
        }
        ring[index(next)] = call;
        return next++;
    }

    /** The command with this number, or null if it has its reply or never existed. */
    @Nullable
    CommandCall get(long seq) {
        return seq >= first && seq < next ? ring[index(seq)] : null;
    }

    /** Takes out the command with this number, or answers null if it has its reply or never existed. */
    @Nullable
    CommandCall remove(long seq) {
        CommandCall call = get(seq);
        if (call != null) {
            ring[index(seq)] = null;
            while (first < next && ring[index(first)] == null) {
                first++;
            }
        }
        return call;
    }

    private void grow() {
        @Nullable CommandCall[] larger = new CommandCall[ring.length * 2];
        for (long seq = first; seq < next; seq++) {
            larger[(int) (seq & (larger.length - 1))] = ring[index(seq)];
        }
        ring = larger;
    }

    private int index(long seq) {
        return (int) (seq & (ring.length - 1));
    }
}
