package io.coordinator.testing.workload;

/**
 * Something that no order of the calls explains.
 *
 * @param report for people
 * @param size how many operations or events one has to read to see it
 */
record Violation(String report, int size) {}
