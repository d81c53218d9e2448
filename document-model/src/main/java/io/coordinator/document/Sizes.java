package io.coordinator.document;

/** Sizes of texts that may exist in thought only: what shares its parts can be said to be larger than any memory. */
final class Sizes {
    /** So many bytes that are looked at or moved count as one step. */
    private static final int BYTES_PER_STEP = 256;
    /** Text that is gone through byte by byte costs more. */
    private static final int SCANNED_BYTES_PER_STEP = 16;
    /** Members are written in another order than they are kept in. */
    private static final int WRITTEN_BYTES_PER_STEP = 8;

    private Sizes() {}

    /** The sum of two sizes; the largest number if that is more. */
    static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** What it counts to look at so many bytes. */
    static long steps(long bytes) {
        return 1 + bytes / BYTES_PER_STEP;
    }

    /** What it counts to go through so many bytes of text: to find, unpack or read what is in it. */
    static long scanning(long bytes) {
        return 1 + bytes / SCANNED_BYTES_PER_STEP;
    }

    /** What it counts to write a value of so many bytes. */
    static long writing(long bytes) {
        return 1 + bytes / WRITTEN_BYTES_PER_STEP;
    }
}
