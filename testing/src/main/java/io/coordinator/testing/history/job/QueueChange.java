package io.coordinator.testing.history.job;

/**
 * One change of a job, in the order of the log.
 *
 * @param waits whether the job may run at once since
 * @param attempt how many attempts count by then
 */
public record QueueChange(String queue, String id, Kind kind, boolean waits, int attempt) {

    /** What has happened. */
    public enum Kind {
        SUBMITTED,
        STARTED,
        COMPLETED,
        FAILED,
        LOST,
        RELEASED,
        DIED,
        WITHDRAWN,
        /** The watch does not know what happened here. */
        GAP
    }

    /** That the watch missed something. */
    public static QueueChange gap(String queue) {
        return new QueueChange(queue, "", Kind.GAP, false, 0);
    }
}
