package io.coordinator.testing.history;

import java.util.Arrays;

/** A small immutable set of non-negative numbers. */
final class IntSet {
    static final IntSet EMPTY = new IntSet(new int[0]);

    private final int[] sorted;

    private IntSet(int[] sorted) {
        this.sorted = sorted;
    }

    boolean contains(int number) {
        return Arrays.binarySearch(sorted, number) >= 0;
    }

    IntSet with(int number) {
        int at = -(Arrays.binarySearch(sorted, number) + 1);
        if (at < 0) {
            return this;
        }
        int[] more = new int[sorted.length + 1];
        System.arraycopy(sorted, 0, more, 0, at);
        more[at] = number;
        System.arraycopy(sorted, at, more, at + 1, sorted.length - at);
        return new IntSet(more);
    }

    IntSet without(int number) {
        int at = Arrays.binarySearch(sorted, number);
        if (at < 0) {
            return this;
        }
        int[] fewer = new int[sorted.length - 1];
        System.arraycopy(sorted, 0, fewer, 0, at);
        System.arraycopy(sorted, at + 1, fewer, at, fewer.length - at);
        return new IntSet(fewer);
    }

    boolean isSubsetOf(IntSet other) {
        if (sorted.length > other.sorted.length) {
            return false;
        }
        for (int number : sorted) {
            if (!other.contains(number)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntSet set && Arrays.equals(sorted, set.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
