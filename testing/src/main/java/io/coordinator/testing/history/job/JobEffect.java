package io.coordinator.testing.history.job;

/**
 * What was committed with a completion, in the order of the log.
 *
 * @param attempt which attempt completed the job
 * @param of of a follow-up job, the job that submitted it; otherwise empty
 * @param steps the results of its steps as this attempt had them; empty for none
 */
public record JobEffect(String queue, String id, long token, int attempt, String of, String steps) {}
