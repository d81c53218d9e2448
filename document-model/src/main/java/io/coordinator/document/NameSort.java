package io.coordinator.document;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;

/**
 * Sorts by name, in the order of bytes. The next few bytes of all names are sorted as numbers; names that are alike so
 * far are looked at again, further on. So each byte of a name is looked at a few times, however many names begin alike.
 */
final class NameSort {
    /** What has a name. */
    interface Named {
        /** The name stands in it as a JSON string. */
        byte[] text();

        /** Where in the text the name begins. */
        int from();
    }

    private static final int KEY_BYTES = 5;
    /** In place of a byte behind the end of a text; JSON text has none. */
    private static final int NO_BYTE = 0;
    /** So few are compared with one another. */
    private static final int FEW = 16;

    private static final Comparator<Named> BY_NAME =
            (a, b) -> Arrays.compareUnsigned(a.text(), a.from(), a.text().length, b.text(), b.from(), b.text().length);

    /** Some that have so many bytes in common. */
    private record Alike(int from, int to, int bytes) {}

    private NameSort() {}

    /** Sorts by name; those with one name stay in their order. */
    static <T extends Named> void sort(T[] all) {
        if (all.length > KeySort.COUNT_MAX) {
            Arrays.sort(all, BY_NAME);
            return;
        }
        Deque<Alike> open = new ArrayDeque<>();
        open.push(new Alike(0, all.length, 0));
        while (!open.isEmpty()) {
            Alike alike = open.pop();
            if (alike.to - alike.from <= FEW) {
                Arrays.sort(all, alike.from, alike.to, BY_NAME);
            } else {
                split(all, alike, open);
            }
        }
    }

    private static <T extends Named> void split(T[] all, Alike alike, Deque<Alike> open) {
        int common = common(all, alike);
        long[] keys = KeySort.sort(all, alike.from, alike.to, named -> key(named, common));
        int first = 0;
        for (int i = 1; i <= keys.length; i++) {
            if (i == keys.length || keys[i] != keys[first]) {
                if (i - first > 1 && (keys[first] & 0xFF) != NO_BYTE) {
                    open.push(new Alike(alike.from + first, alike.from + i, common + KEY_BYTES));
                }
                first = i;
            }
        }
    }

    private static <T extends Named> int common(T[] all, Alike alike) {
        Named one = all[alike.from];
        int end = one.text().length;
        for (int i = alike.from + 1; i < alike.to; i++) {
            Named other = all[i];
            int length = Math.min(end - one.from(), other.text().length - other.from());
            int differs = Arrays.mismatch(
                    one.text(),
                    one.from() + alike.bytes,
                    one.from() + length,
                    other.text(),
                    other.from() + alike.bytes,
                    other.from() + length);
            end = one.from() + (differs < 0 ? length : alike.bytes + differs);
        }
        return end - one.from();
    }

    /** The next few bytes. What follows the end of the name does not matter: no name goes on after another's end. */
    private static long key(Named named, int common) {
        byte[] text = named.text();
        int from = named.from() + common;
        long key = 0;
        for (int at = from; at < from + KEY_BYTES; at++) {
            key = key << Byte.SIZE | (at < text.length ? text[at] & 0xFF : NO_BYTE);
        }
        return key;
    }
}
