package io.coordinator.document;

import org.jspecify.annotations.Nullable;

/**
 * What is kept as its text. Elements and members whose texts are small are put together into runs, so that a value costs a few times its
 * text in memory whatever it is made of (C-02b); they become values of their own when they are looked into.
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

    /** Counts that so much packed text is about to be gone through; all that looks into packed text says so here first. */
    static void count(long bytes, Meter meter) {
        meter.steps(PART, Sizes.scanning(bytes));
    }

    /** Counts that a part of a text is about to become a value. If it is large because it is deep, that goes through it again. */
    static void countValue(byte[] text, int from, int to, Meter meter) {
        if (to - from > RUN_BYTES_MAX && (text[from] == '[' || text[from] == '{')) {
            count(to - from, meter);
        }
    }

    /** Whether an element or member is packed. */
    static boolean isSmall(long bytes, int depth) {
        return bytes <= Math.max(SMALL_BYTES_MAX, (long) depth * BYTES_PER_LEVEL);
    }

    /** Counts that something is about to be looked for in a run. In one of the usual size that stops early, and much is shared. */
    static void countLookup(int bytes, Meter meter) {
        if (bytes > RUN_BYTES_MAX) {
            count(bytes, meter);
        } else {
            meter.steps(PART, 1 + bytes / LOOKUP_BYTES_PER_STEP);
        }
    }

    /** Counts that a run is about to be changed. If it is large because it is deep, that goes through it again. */
    static void countChange(int bytes, @Nullable Value by, Meter meter) {
        countLookup(bytes, meter);
        if (bytes > RUN_BYTES_MAX) {
            count(bytes, meter);
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
