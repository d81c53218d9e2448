package io.coordinator.state.session;

import com.google.protobuf.Message;
import io.coordinator.state.kernel.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages numbered {@code acknowledged + 1 … last}, in a ring, and the sum of their hashes. To append, look up and
 * forget one costs the same however many there are.
 */
final class Unacknowledged<M extends Message> {
    private static final int CAPACITY_MIN = 8;
    /** A ring that has grown beyond this is given up once it is empty. */
    private static final int CAPACITY_KEPT = 1024;

    private final Fingerprint fingerprint;
    private final long sequence;
    private @Nullable Message[] messages = new Message[CAPACITY_MIN];
    private long[] hashes = new long[CAPACITY_MIN];
    /** Kept beside the messages, so that to forget one does not fetch it from memory again. */
    private int[] sizes = new int[CAPACITY_MIN];

    private long acknowledged;
    private long last;
    private long digest;
    private long bytes;

    /**
     * @param sequence tells this sequence from others in the hashes
     * @param acknowledged the number before the first message
     */
    Unacknowledged(Fingerprint fingerprint, long sequence, long acknowledged) {
        this.fingerprint = fingerprint;
        this.sequence = sequence;
        this.acknowledged = acknowledged;
        this.last = acknowledged;
    }

    /** Appends the message with the next number. */
    void append(M message) {
        if (size() == messages.length) {
            resize(messages.length * 2);
        }
        last++;
        int slot = slot(last);
        messages[slot] = message;
        hashes[slot] = fingerprint.ofMessage(sequence, last, message);
        sizes[slot] = message.getSerializedSize();
        digest += hashes[slot];
        bytes += sizes[slot];
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
     * @return whether there was anything to forget
     */
    boolean acknowledge(long number) {
        long upTo = Math.min(number, last);
        if (upTo <= acknowledged) {
            return false;
        }
        while (acknowledged < upTo) {
            acknowledged++;
            int slot = slot(acknowledged);
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

    /** In order; references only. */
    @SuppressWarnings("unchecked")
    List<M> copy() {
        List<M> copy = new ArrayList<>(size());
        for (long number = acknowledged + 1; number <= last; number++) {
            copy.add((M) messages[slot(number)]);
        }
        return copy;
    }

    /** Those after that number, in order, until they have so many bytes: at least one if there is one. */
    @SuppressWarnings("unchecked")
    List<M> copy(long after, long bytesMax) {
        List<M> copy = new ArrayList<>();
        long size = 0;
        for (long number = Math.max(after, acknowledged) + 1; number <= last && size < bytesMax; number++) {
            copy.add((M) messages[slot(number)]);
            size += sizes[slot(number)];
        }
        return copy;
    }

    private int slot(long number) {
        return (int) number & (messages.length - 1);
    }

    private void resize(int capacity) {
        @Nullable Message[] oldMessages = messages;
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
        messages = new Message[capacity];
        hashes = new long[capacity];
        sizes = new int[capacity];
    }
}
