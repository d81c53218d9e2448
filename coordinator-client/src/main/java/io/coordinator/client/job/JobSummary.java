package io.coordinator.client.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job in a list. Dates are by the clock of the cluster's leader.
 *
 * @param id of the job, within its queue
 * @param state where it is
 * @param attempts how many count, with the present one
 * @param priority higher ones run first
 * @param key with which it keeps an order; empty for none
 * @param submittedAt when it was submitted
 * @param startedAt when its last attempt began
 * @param finishedAt when it came to its end
 * @param remaining how long it is delayed still; 0 if it is not, in milliseconds
 * @param submitter the name of the submitter's client, for people
 * @param worker the name of the client that runs it; empty for none
 * @param cancelRequested whether it is to be cancelled
 * @param schedule which schedule submitted it; empty for none
 */
public record JobSummary(
        String id,
        JobState state,
        int attempts,
        int priority,
        String key,
        Instant submittedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Duration remaining,
        String submitter,
        String worker,
        boolean cancelRequested,
        String schedule) {}
