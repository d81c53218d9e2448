package io.coordinator.document;

import org.jspecify.annotations.Nullable;

/**
 * What is kept as its text. Elements and members whose texts are small are put together into runs, so that a value
 * costs a few times its text in memory whatever it is made of (C-02b); they become values of their own when they are
 * looked into.
 */
final class Packing {
    /** A run is not made larger, but for a single element: so many bytes are looked through and copied at each edit. */
    static final int RUN_BYTES_MAX = 256;
    /** A run that becomes smaller is put together with those beside it, if they fit. */
    static final int RUN_BYTES_MIN = 64;

    static final byte[] NOTHING = {};

    private static final int SMALL_BYTES_MAX = 128;
    /** A level of nesting costs more than the two bytes of its brackets, so what is deep for its size stays packed. */
    private static final int BYTES_PER_LEVEL = 64;

    /** In runs of the usual size. */
    private static final int LOOKUP_BYTES_PER_STEP = 64;
    /** What is counted for it, in messages. */
    private static final String PART = "unpacking";

    private Packing() {}

    private static void count(long bytes, Meter meter) {
        meter.steps(PART, Sizes.scanning(bytes));
    }

    /**
     * Counts that a container's text is about to become a value. Nothing for one that fits a run: that was counted with
     * the run.
     */
    static void countContainer(int bytes, Meter meter) {
        if (bytes > RUN_BYTES_MAX) {
            count(bytes, meter);
        }
    }

    /** Counts that elements or members are about to be visited: the first run is unpacked as a whole. */
    static void countVisit(long containerBytes, Meter meter) {
        count(Math.min(containerBytes, RUN_BYTES_MAX), meter);
    }

    /**
     * Counts that one more is visited.
     *
     * @param before so much text has been visited
     * @return with this one
     */
    static long countNext(long before, long bytes, Meter meter) {
        long after = bytes == 0 ? before : before + 1 + bytes;
        long steps = Sizes.scanning(after) - Sizes.scanning(before);
        if (steps > 0) {
            meter.steps(PART, steps);
        }
        return after;
    }

    /** How much text an element or member is if it is packed; 0 if it is not. */
    static long packedBytes(long bytes, int depth) {
        return isSmall(bytes, depth) ? bytes : 0;
    }

    /**
     * Whether a part of a text that is unpacked becomes a value of its own, as it would be had it come alone. Below the
     * size of a run that makes no difference to what is counted.
     */
    static boolean isOwnValue(byte[] text, int from, int to) {
        int bytes = to - from;
        return bytes > RUN_BYTES_MAX && !isSmall(bytes, Scan.depth(text, from, to));
    }

    /** Whether an element or member is packed. */
    static boolean isSmall(long bytes, int depth) {
        return bytes <= Math.max(SMALL_BYTES_MAX, (long) depth * BYTES_PER_LEVEL);
    }

    /**
     * Counts that something is about to be looked for in a container. In a run of the usual size that stops early, and
     * much is shared; where such a run ends must not show in what is counted (G-12), so each counts as if it were full,
     * or held all there is.
     *
     * @param containerBytes of all of it
     * @param runBytes of the run; it is larger than usual only for a single element, which is large because it is deep
     */
    static void countLookup(long containerBytes, int runBytes, Meter meter) {
        if (runBytes > RUN_BYTES_MAX) {
            count(runBytes, meter);
        } else {
            meter.steps(PART, 1 + Math.min(containerBytes, RUN_BYTES_MAX) / LOOKUP_BYTES_PER_STEP);
        }
    }

    /**
     * Counts that a container is about to be changed. If a run is large because it is deep, that goes through it again.
     */
    static void countChange(long containerBytes, int runBytes, @Nullable Value by, Meter meter) {
        countLookup(containerBytes, runBytes, meter);
        if (runBytes > RUN_BYTES_MAX) {
            count(runBytes, meter);
        }
        if (by != null && isSmall(by.bytes(), by.depth())) {
            meter.steps(PART, Sizes.steps(by.bytes()));
        }
    }

    /**
     * A run in which some of the texts, which are separated by commas, are replaced.
     *
     * @param from where the first one begins that is replaced
     * @param to where the first one begins that follows; one beyond the end of the text if none does
     */
    static byte[] replaced(byte[] text, int from, int to, byte[] by) {
        int head = Math.max(0, from - 1);
        int tail = Math.min(to, text.length);
        TextOut out = new TextOut(head + by.length + (text.length - tail) + 2L);
        out.write(text, 0, head);
        append(out, by, 0, by.length);
        append(out, text, tail, text.length);
        return out.done();
    }

    /** Adds a text to those that are written, if it is one. */
    static void append(TextOut out, byte[] text, int from, int to) {
        if (from < to) {
            if (out.size() > 0) {
                out.write(',');
            }
            out.write(text, from, to);
        }
    }
}
