package io.coordinator.state.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages numbered {@code acknowledged + 1 … last}, in a ring, and the sum of their hashes. To append, look up and
 * forget one costs the same however many there are.
 */
final class Unacknowledged<M> {
    private static final int CAPACITY_MIN = 8;
    /** A ring that has grown beyond this is given up once it is empty. */
    private static final int CAPACITY_KEPT = 1024;

    private @Nullable Object[] messages = new Object[CAPACITY_MIN];
    private long[] hashes = new long[CAPACITY_MIN];
    /** Kept beside the messages, so that to forget one does not fetch it from memory again. */
    private int[] sizes = new int[CAPACITY_MIN];

    private long acknowledged;
    private long last;
    private long digest;
    private long bytes;

    /** @param acknowledged the number before the first message */
    Unacknowledged(long acknowledged) {
        this.acknowledged = acknowledged;
        this.last = acknowledged;
    }

    /**
     * Appends the message with the next number.
     *
     * @param size of it as serialized, in bytes
     */
    void append(M message, long hash, int size) {
        if (size() == messages.length) {
            resize(messages.length * 2);
        }
        last++;
        int slot = slot(last);
        messages[slot] = message;
        hashes[slot] = hash;
        sizes[slot] = size;
        digest += hashes[slot];
        bytes += sizes[slot];
    }

    /** Takes back the last append. */
    void removeLast() {
        int slot = slot(last);
        messages[slot] = null;
        digest -= hashes[slot];
        bytes -= sizes[slot];
        last--;
    }

    /** Null if the number is acknowledged or not given yet. */
    @SuppressWarnings("unchecked")
    @Nullable
    M get(long number) {
        return number > acknowledged && number <= last ? (M) messages[slot(number)] : null;
    }

    /**
     * Forgets all up to a number, as far as they have been given.
     *
     * @param forgotten hears of each
     * @return whether there was anything to forget
     */
    @SuppressWarnings("unchecked")
    boolean acknowledge(long number, Consumer<? super M> forgotten) {
        long upTo = Math.min(number, last);
        if (upTo <= acknowledged) {
            return false;
        }
        while (acknowledged < upTo) {
            acknowledged++;
            int slot = slot(acknowledged);
            forgotten.accept((M) messages[slot]);
            messages[slot] = null;
            digest -= hashes[slot];
            bytes -= sizes[slot];
        }
        if (acknowledged == last && messages.length > CAPACITY_KEPT) {
            allocate(CAPACITY_MIN);
        }
        return true;
    }

    int size() {
        return (int) (last - acknowledged);
    }

    long acknowledged() {
        return acknowledged;
    }

    long last() {
        return last;
    }

    long digest() {
        return digest;
    }

    /** As serialized, together. */
    long bytes() {
        return bytes;
    }

    /** Those behind a number, in order; references only. */
    @SuppressWarnings("unchecked")
    List<M> after(long number) {
        long first = Math.max(number, acknowledged) + 1;
        List<M> copy = new ArrayList<>((int) Math.max(0, last - first + 1));
        for (long each = first; each <= last; each++) {
            copy.add((M) messages[slot(each)]);
        }
        return copy;
    }

    private int slot(long number) {
        return (int) number & (messages.length - 1);
    }

    private void resize(int capacity) {
        @Nullable Object[] oldMessages = messages;
        long[] oldHashes = hashes;
        int[] oldSizes = sizes;
        allocate(capacity);
        for (long number = acknowledged + 1; number <= last; number++) {
            int from = (int) number & (oldMessages.length - 1);
            int to = slot(number);
            messages[to] = oldMessages[from];
            hashes[to] = oldHashes[from];
            sizes[to] = oldSizes[from];
        }
    }

    private void allocate(int capacity) {
        messages = new Object[capacity];
        hashes = new long[capacity];
        sizes = new int[capacity];
    }
}
