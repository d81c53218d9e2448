package io.coordinator.state.job;

/** How much there may be of what belongs to jobs. Part of what every replica computes, so constants. */
final class JobLimits {
    /** Jobs that one worker has at a time. */
    static final int CONCURRENCY_MAX = 10_000;
    /** Workers of one queue. */
    static final int WORKERS_MAX = 10_000;
    /** Workers of one session, in all queues together. */
    static final int MEMBERSHIPS_MAX = 10_000;
    /** Steps of one job. */
    static final int STEPS_MAX = 1_000;
    /** Bytes of the names and results of these. */
    static final long STEP_BYTES_MAX = 1L << 20;
    /** Attempts that are remembered of a job. */
    static final int HISTORY_MAX = 10;
    /** Of the message of a failure in the history. */
    static final int FAILURE_CHARS_MAX = 500;
    /** Jobs that one command redrives. */
    static final int REDRIVEN_MAX = 1_000;
    /** Jobs of one submission. */
    static final int SUBMITTED_MAX = 1_000;
    /** Finished jobs that a queue may be told to remember. */
    static final int FINISHED_MAX = 10_000_000;

    private JobLimits() {}
}
