package io.coordinator.benchmarks.harness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Condenses the rounds of one cell. */
public final class Summary {
    private Summary() {}

    /** Each figure's median over the rounds, except errors: those are added up, so that no round's are hidden. */
    public static Measurement of(List<Measurement> rounds) {
        return new Measurement(
                median(rounds, Measurement::opsPerSecond),
                median(rounds, Measurement::p50Micros),
                median(rounds, Measurement::p99Micros),
                median(rounds, Measurement::p999Micros),
                rounds.stream().mapToLong(Measurement::errors).sum(),
                median(rounds, Measurement::serverCpuMicrosPerOp));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
