package io.coordinator.benchmarks.harness;

import java.util.Optional;

/**
 * One measurement and what went wrong in it.
 *
 * @param firstFailure the first of the requests that failed
 * @param unanswered requests still without an answer long after the end
 */
public record Outcome(Measurement measurement, Optional<Throwable> firstFailure, long unanswered) {}
