package io.coordinator.state.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The few of many that have the largest figures, for people. Of equals those whose names come first.
 *
 * @param <T> what has a figure and a name
 */
public final class Ranking<T> {
    /** So many are named. */
    public static final int NAMED_MAX = 20;
    /** The state is locked meanwhile, so that no more than these are looked at. */
    public static final int LOOKED_AT_MAX = 10_000;

    private final PriorityQueue<Ranked<T>> largest = new PriorityQueue<>(Ranked.LAST_FIRST);

    private record Ranked<T>(long figure, String name, T what) {
        static final Comparator<Ranked<?>> LAST_FIRST = Comparator.<Ranked<?>>comparingLong(Ranked::figure)
                .thenComparing(Ranked::name, Comparator.reverseOrder());
    }

    /** Takes part if it is among the first. */
    public void add(long figure, String name, T what) {
        largest.add(new Ranked<>(figure, name, what));
        if (largest.size() > NAMED_MAX) {
            largest.remove();
        }
    }

    /** The first ones in their order. */
    public List<T> first() {
        return largest.stream()
                .sorted(Ranked.LAST_FIRST.reversed())
                .map(Ranked::what)
                .toList();
    }
}
