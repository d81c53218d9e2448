package io.coordinator.client.job;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt at a job.
 *
 * @param number 1 for the first one
 * @param worker the name of the worker's client, for people
 * @param startedAt when it began, by the clock of the cluster's leader
 * @param endedAt when it ended, likewise; empty while it goes on
 * @param outcome what it came to
 * @param failure of one that has failed
 */
public record JobAttempt(
        int number,
        String worker,
        Instant startedAt,
        Optional<Instant> endedAt,
        Outcome outcome,
        Optional<JobFailure> failure) {
    /** What an attempt came to. */
    public enum Outcome {
        RUNNING,
        SUCCEEDED,
        FAILED,
        /** The session of its worker ended. */
        LOST,
        TIMED_OUT,
        CANCELED,
        /** Its worker did not do it, and it is not counted. */
        HANDED_BACK,
        /** Something that this version of the SDK does not know. */
        OTHER
    }
}
