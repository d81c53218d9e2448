package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    void warmUp(Workload workload, int inFlight) throws InterruptedException {
        Samples samples = new Samples();
        ClosedLoop loop = start(workload, inFlight, samples);
        pauseUntil(System.nanoTime() + plan.startWarmUp().toNanos());
        finish(loop, samples);
    }

    Outcome measure(Workload workload, int inFlight) throws InterruptedException {
        Samples warmUp = new Samples();
        Samples measured = new Samples();
        Samples after = new Samples();
        ClosedLoop loop = start(workload, inFlight, warmUp);
        settle(warmUp);

        long cpuBefore = system.serverCpuMicros();
        long startedAt = System.nanoTime();
        loop.recordInto(measured);
        pauseUntil(startedAt + plan.duration().toNanos());
        loop.recordInto(after);
        long nanos = System.nanoTime() - startedAt;
        long cpu = system.serverCpuMicros() - cpuBefore;

        long unanswered = finish(loop, after);
        return new Outcome(measurement(measured, nanos, cpu, unanswered), measured.firstFailure(), unanswered);
    }

    private ClosedLoop start(Workload workload, int inFlight, Samples samples) {
        return ClosedLoop.start(inFlight, slot -> workload.operation(driver, data, slot), samples);
    }

    private void settle(Samples samples) throws InterruptedException {
        Throughput throughput = new Throughput();
        long startedAt = System.nanoTime();
        long earliest = startedAt + plan.warmUp().toNanos();
        long latest = startedAt + plan.warmUpMax().toNanos();
        long windowEnd = startedAt;
        while (windowEnd < latest && !(windowEnd >= earliest && throughput.settled())) {
            windowEnd = Math.min(windowEnd + WINDOW.toNanos(), latest);
            pauseUntil(windowEnd);
            throughput.observe(samples.completed());
        }
    }

    private static long finish(ClosedLoop loop, Samples rest) throws InterruptedException {
        loop.recordInto(rest);
        return loop.stop(DRAIN);
    }

    private static Measurement measurement(Samples measured, long nanos, long cpuMicros, long unanswered) {
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

    private static void pauseUntil(long nanoTime) throws InterruptedException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
