package io.coordinator.client.job;

import io.coordinator.client.error.CoordinatorException;

/**
 * Hears what happens to the jobs of a queue. Runs on the client's callback executor, one call at a time. It may block;
 * changes then wait in the cluster, for as long as the cluster keeps them. If it throws, that is logged, and the watch
 * goes on.
 */
@FunctionalInterface
public interface JobListener {
    /** Something has happened to a job. */
    void onChange(JobChange change);

    /**
     * Changes were missed because the cluster no longer keeps them. The watch has ended: list the jobs and watch anew.
     *
     * @param oldestRevision the oldest that can still be watched from
     */
    default void onCompacted(long oldestRevision) {}

    /** The watch has ended for another reason: missing rights, or a closed client. */
    default void onError(CoordinatorException error) {}
}
