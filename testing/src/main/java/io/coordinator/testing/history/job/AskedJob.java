package io.coordinator.testing.history.job;

/**
 * A job as its submitter asked for it.
 *
 * @param number its place among the jobs of its queue, which one submitter asked for one after the other
 * @param key empty for none
 * @param priority higher ones run first
 * @param delayNanos how long after {@code askedNanos} it may run at the earliest
 * @param askedNanos when it was asked for first, by the clock that all processes of this machine share
 * @param acknowledged whether the cluster said that it has it
 * @param cancel what became of the wish to cancel it
 */
public record AskedJob(
        String queue,
        String id,
        int number,
        String key,
        int priority,
        long delayNanos,
        long askedNanos,
        boolean acknowledged,
        Cancel cancel) {

    /** Whether somebody wanted it to be over. */
    public enum Cancel {
        NOT_ASKED,
        /** The answer was no, or did not come. */
        ASKED,
        /** The answer was that it waited or ran. */
        TAKEN
    }
}
