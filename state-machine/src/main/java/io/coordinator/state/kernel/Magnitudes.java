package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Things by how large they are, to within a sixteenth, so that the largest are found without a look at all of them. To
 * change a size costs next to nothing as long as its magnitude stays.
 */
final class Magnitudes<T> {
    private static final int FRACTION_BITS = 4;

    private final NavigableMap<Integer, Set<T>> byMagnitude = new TreeMap<>();

    /** The size of a thing has changed; 0: it is not there. */
    void changed(T thing, long before, long after) {
        int from = magnitude(before);
        int to = magnitude(after);
        if (from == to) {
            return;
        }
        if (before > 0) {
            Set<T> smaller = byMagnitude.get(from);
            if (smaller != null && smaller.remove(thing) && smaller.isEmpty()) {
                byMagnitude.remove(from);
            }
        }
        if (after > 0) {
            byMagnitude.computeIfAbsent(to, unused -> new LinkedHashSet<>()).add(thing);
        }
    }

    /**
     * Things of the largest magnitudes, in no order.
     *
     * @param enough no more magnitudes are looked at when there are so many
     * @param looked no more than so many of the last magnitude
     */
    List<T> largest(int enough, int looked) {
        List<T> largest = new ArrayList<>();
        Consumer<T> take = largest::add;
        for (Set<T> alike : byMagnitude.descendingMap().values()) {
            if (largest.size() >= enough) {
                break;
            }
            alike.stream().limit(looked).forEach(take);
        }
        return largest;
    }

    private static int magnitude(long size) {
        if (size <= 0) {
            return -1;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(size);
        long fraction = power < FRACTION_BITS ? size << (FRACTION_BITS - power) : size >>> (power - FRACTION_BITS);
        return (power << FRACTION_BITS) + (int) (fraction & ((1 << FRACTION_BITS) - 1));
    }
}
