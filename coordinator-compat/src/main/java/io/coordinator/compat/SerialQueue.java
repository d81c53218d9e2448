package io.coordinator.compat;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that run one after another in the whole cluster, in the order in which they were asked for: that of the log
 * (DL-SER-1). A job's turn is a lock bound to the session, so a job that fails or whose client dies lets the next one
 * go on; long jobs are not cut short.
 */
public interface SerialQueue {
    /** The namespace. */
    String namespace();

    /** The key; that of the underlying lock. */
    String name();

    /**
     * Waits for its turn, runs a job on the calling thread, and lets the next one go on.
     *
     * @return what the job returned
     * @throws Exception what the job threw, as it is
     * @throws SessionExpiredException if the session was lost while waiting; the job did not run
     * @throws RequestTimeoutException if the cluster did not take the request in time; the job did not run
     */
    <T extends @Nullable Object> T run(Callable<T> job) throws Exception;

    /**
     * As {@link #run}, on the client's work executor.
     *
     * @return completes after the turn has ended; cancelling its future while it waits for its turn withdraws it
     */
    <T extends @Nullable Object> CompletionStage<T> submit(Callable<T> job);
}
