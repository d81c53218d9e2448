package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * What to measure, and for how long.
 *
 * @param workloads in the order in which they run
 * @param inFlight numbers of concurrent requests, in the order in which they run; none for each workload's usual ones
 * @param duration of one measurement
 * @param warmUp the shortest warm-up before each measurement; it goes on until throughput settles
 * @param warmUpMax when to measure even though throughput has not settled
 * @param startWarmUp how long freshly started servers do each workload, with the most requests in flight that will be
 *     measured, before anything is
 * @param rounds how often everything is measured; results are medians over them
 * @param keys how many keys are read and written
 * @param valueBytes the length of each value and message
 * @param backlog how many messages a group finds
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
        int valueBytes,
        int backlog) {

    public Plan {
        workloads = List.copyOf(workloads);
        inFlight = List.copyOf(inFlight);
    }

    /** The numbers of concurrent requests with which this workload runs. */
    List<Integer> inFlight(Workload workload) {
        return inFlight.isEmpty() ? workload.usualInFlight() : inFlight;
    }

    /** The greatest of them. */
    int mostInFlight(Workload workload) {
        return Collections.max(inFlight(workload));
    }

    Dataset dataset() {
        int locks = workloads.stream().mapToInt(this::mostInFlight).max().orElse(0);
        return Dataset.of(keys, valueBytes, locks, backlog);
    }
}
