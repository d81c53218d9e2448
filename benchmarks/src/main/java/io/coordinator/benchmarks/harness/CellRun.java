package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Measures one cell of a running system: warms up until throughput settles, then counts. */
final class CellRun {
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Plan plan;
    private final Dataset data;
    private final SystemUnderTest system;
    private final Driver driver;

    CellRun(Plan plan, Dataset data, SystemUnderTest system, Driver driver) {
        this.plan = plan;
        this.data = data;
        this.system = system;
        this.driver = driver;
    }

    /** Lets a freshly started system compile and fill what it needs for this workload; measures nothing. */
    void warmUp(Workload workload, int inFlight) throws Exception {
        try (Load load = workload.start(driver, data, inFlight, new Samples())) {
            load.await(plan.startWarmUp());
            finish(load, new Samples());
        }
    }

    Outcome measure(Workload workload, int inFlight) throws Exception {
        Samples warmUp = new Samples();
        Samples measured = new Samples();
        Samples after = new Samples();
        try (Load load = workload.start(driver, data, inFlight, warmUp)) {
            settle(load, warmUp);

            long cpuBefore = system.serverCpuMicros();
            long startedAt = System.nanoTime();
            load.recordInto(measured);
            boolean exhausted = load.await(plan.duration());
            load.recordInto(after);
            long nanos = System.nanoTime() - startedAt;
            long cpu = system.serverCpuMicros() - cpuBefore;

            if (exhausted && measured.completed() == 0) {
                measured.failure(new IllegalStateException(
                        "the backlog was consumed before anything was measured; ask for a longer one"));
            }
            long unanswered = finish(load, after);
            return new Outcome(measurement(measured, nanos, cpu, unanswered), measured.firstFailure(), unanswered);
        }
    }

    private void settle(Load load, Samples samples) throws InterruptedException {
        Throughput throughput = new Throughput();
        long startedAt = System.nanoTime();
        long earliest = startedAt + plan.warmUp().toNanos();
        long latest = startedAt + plan.warmUpMax().toNanos();
        long windowEnd = startedAt;
        while (windowEnd < latest && !(windowEnd >= earliest && throughput.settled())) {
            windowEnd = Math.min(windowEnd + WINDOW.toNanos(), latest);
            if (load.awaitWarm(Duration.ofNanos(windowEnd - System.nanoTime()))) {
                return;
            }
            throughput.observe(samples.completed());
        }
    }

    private static long finish(Load load, Samples rest) throws InterruptedException {
        load.recordInto(rest);
        return load.stop(DRAIN);
    }

    /** @param nanos for how long it was measured */
    static Measurement measurement(Samples measured, long nanos, long cpuMicros, long unanswered) {
        Histogram latencies = measured.latencies();
        long completed = measured.completed();
        return new Measurement(
                completed / (nanos / (double) TimeUnit.SECONDS.toNanos(1)),
                micros(latencies, 50),
                micros(latencies, 99),
                micros(latencies, 99.9),
                measured.failed() + unanswered,
                completed == 0 ? 0 : cpuMicros / (double) completed);
    }

    private static double micros(Histogram latencies, double percentile) {
        return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile) / 1_000.0;
    }
}
