package io.coordinator.state.job;

/** The kinds of work on jobs that is left for later entries. */
final class JobChores {
    /** Goes on giving the jobs of a queue to its workers. */
    static final int DISPATCH = 1;
    /** Goes on forgetting the finished jobs of a queue. */
    static final int TRIM = 2;
    /** Forgets jobs that a purge has taken out. */
    static final int PURGE = 3;
    /** Forgets all that belonged to a queue that was deleted. */
    static final int END_QUEUE = 4;
    /** Tells those who await a job. */
    static final int TELL = 5;
    /** Forgets steps. */
    static final int STEPS = 6;
    /** Hands back what a worker has that has left. */
    static final int LEAVE = 7;
    /** Goes on giving jobs to a session, in all its queues. */
    static final int HEARS_AGAIN = 8;

    private JobChores() {}
}
