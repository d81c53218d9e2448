package io.coordinator.client.job;

/** Where a job is. */
public enum JobState {
    /** Until its delay is over, or that of its next attempt. */
    DELAYED,
    WAITING,
    RUNNING,
    SUCCEEDED,
    /** Its attempts are used up, or one has failed for good. It waits to be redriven. */
    DEAD,
    CANCELED,
    /** Something that this version of the SDK does not know. */
    OTHER;

    /** Whether it has come to its end, unless somebody reruns it. */
    public boolean isOver() {
        return this == SUCCEEDED || this == DEAD || this == CANCELED;
    }
}
