package io.coordinator.state.topic;

import java.util.BitSet;

/**
 * The last numbers of one producer, up to the highest: which of them were published. A number that was left out may
 * still come; of one that lies too far back nobody can tell whether it was published.
 */
final class ProducerWindow {
    static final int SIZE = 1_024;

    private long last;
    /** Bit i is the number {@code last} - i. */
    private BitSet published;

    private ProducerWindow(long last, BitSet published) {
        this.last = last;
        this.published = published;
    }

    static ProducerWindow empty() {
        return new ProducerWindow(0, new BitSet());
    }

    static ProducerWindow of(long last, byte[] bits) {
        return new ProducerWindow(last, BitSet.valueOf(bits));
    }

    /** Whether it can still be told if a number was published. */
    boolean covers(long number) {
        return number > last - SIZE;
    }

    /** Whether a number that is covered was published. */
    boolean has(long number) {
        return number <= last && published.get((int) (last - number));
    }

    /** Notes that a number and those after it were published, so many that the window has room for them. */
    void add(long first, int count) {
        long end = first + count - 1;
        if (end > last) {
            shift(end - last);
            last = end;
        }
        for (long number = first; number <= end; number++) {
            published.set((int) (last - number));
        }
    }

    private void shift(long by) {
        BitSet shifted = new BitSet(SIZE);
        if (by < SIZE) {
            published.stream().filter(bit -> bit + by < SIZE).forEach(bit -> shifted.set(bit + (int) by));
        }
        published = shifted;
    }

    long last() {
        return last;
    }

    byte[] bytes() {
        return published.toByteArray();
    }
}
