package io.coordinator.benchmarks.harness;

/** One line of the results: a system, what it did and how many requests were in flight. */
public record Cell(String system, Workload workload, int inFlight) {}
