package io.coordinator.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison found.
 *
 * @param measurements condensed over the rounds, in the order in which the cells were asked for
 * @param unsupported workloads that were asked for and that a system cannot do, by the system's name
 * @param failures systems that broke down, each with what happened
 */
public record Findings(
        Map<Cell, Measurement> measurements, Map<String, List<Workload>> unsupported, List<String> failures) {
    public Findings {
        measurements = new LinkedHashMap<>(measurements);
        unsupported = new LinkedHashMap<>(unsupported);
        failures = List.copyOf(failures);
    }
}
