package io.coordinator.benchmarks.harness;

/**
 * What one round found for one cell.
 *
 * @param opsPerSecond acknowledged operations
 * @param p50Micros latency from the start of a request to its answer
 * @param errors requests refused, failed, or never answered
 * @param serverCpuMicrosPerOp processor time of all server processes together, for each acknowledged operation
 */
public record Measurement(
        double opsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        long errors,
        double serverCpuMicrosPerOp) {}
