package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * What to measure, and for how long.
 *
 * @param workloads in the order in which they run
 * @param inFlight numbers of concurrent requests, in the order in which they run
 * @param duration of one measurement
 * @param warmUp the shortest warm-up before each measurement; it goes on until throughput settles
 * @param warmUpMax when to measure even though throughput has not settled
 * @param startWarmUp how long freshly started servers do each workload, with the most requests in flight that will be
 *     measured, before anything is
 * @param rounds how often everything is measured; results are medians over them
 * @param keys how many keys are read and written
 * @param valueBytes the length of each value
 */
public record Plan(
        List<Workload> workloads,
        List<Integer> inFlight,
        Duration duration,
        Duration warmUp,
        Duration warmUpMax,
        Duration startWarmUp,
        int rounds,
        int keys,
        int valueBytes) {

    public Plan {
        workloads = List.copyOf(workloads);
        inFlight = List.copyOf(inFlight);
    }

    Dataset dataset() {
        return Dataset.of(keys, valueBytes, Collections.max(inFlight));
    }
}
