package io.coordinator.benchmarks.jobs;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Medians over rounds. */
final class Medians {
    private Medians() {}

    /** The upper one of two; there must be at least one round. */
    static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
