package io.coordinator.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison found.
 *
 * @param measurements condensed over the rounds, in the order in which the cells were asked for
 * @param failures systems that broke down, each with what happened
 */
public record Findings(Map<Cell, Measurement> measurements, List<String> failures) {
    public Findings {
        measurements = new LinkedHashMap<>(measurements);
        failures = List.copyOf(failures);
    }
}
