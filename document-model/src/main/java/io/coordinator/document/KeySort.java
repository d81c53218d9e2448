package io.coordinator.document;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Sorts many objects by numbers. To compare two objects at a time is to wait for memory at each of n log n comparisons;
 * numbers next to each other are sorted ten times as fast.
 */
final class KeySort {
    /** Keys are smaller than this. */
    static final long KEYS_END = 1L << 40;
    /** So many objects can be sorted. */
    static final int COUNT_MAX = 1 << 23;

    private static final int INDEX_BITS = 23;

    private KeySort() {}

    /**
     * Sorts some of them; those with one key stay in their order.
     *
     * @return their keys, in the new order
     */
    static <T> long[] sort(T[] all, int from, int to, ToLongFunction<T> key) {
        long[] keys = new long[to - from];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key.applyAsLong(all[from + i]) << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        T[] before = Arrays.copyOfRange(all, from, to);
        for (int i = 0; i < keys.length; i++) {
            all[from + i] = before[(int) keys[i] & (COUNT_MAX - 1)];
            keys[i] >>>= INDEX_BITS;
        }
        return keys;
    }
}
