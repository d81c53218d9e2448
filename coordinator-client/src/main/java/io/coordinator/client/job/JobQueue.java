package io.coordinator.client.job;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One queue of jobs. It is made by the first job or worker, with {@linkplain QueueOptions#defaults default options}, or
 * by {@link #configure}.
 *
 * <p>A job is submitted once, leased to one worker at a time, and its completion is accepted once. Its function may run
 * more than once: when a worker is lost, an attempt takes too long, or fails, the next one begins.
 */
public interface JobQueue {
    /** The namespace. */
    String namespace();

    /** The name of the queue. */
    String name();

    /**
     * The same queue, with another timeout for each call.
     *
     * @param timeout more than 0, in milliseconds rounded up
     * @throws ValidationException if it is 0 or less
     */
    JobQueue withTimeout(Duration timeout);

    // ---- jobs ----

    /** As {@link #submit(Object, SubmitOptions)}, with {@link SubmitOptions#defaults()}. */
    JobHandle submit(@Nullable Object payload);

    /**
     * Submits a job: when this returns, it is committed, and is done sooner or later if there are workers.
     *
     * @param payload anything that the client's mapper writes as JSON, at most 1 MiB; null for nothing
     * @throws ThrottledException if the queue is full; nothing was submitted
     * @throws PayloadTooLargeException if the payload, or a name, is too large
     * @throws RequestTimeoutException if the cluster did not answer in time; submit it again under the same
     *     {@linkplain SubmitOptions#withId id}, which does nothing if it was submitted
     */
    JobHandle submit(@Nullable Object payload, SubmitOptions options);

    /**
     * Submits jobs together: all of them in one entry of the log, or none.
     *
     * @param jobs 1 to 1,000
     * @return handles in their order
     * @throws ValidationException if there are none, or more
     */
    List<JobHandle> submitAll(List<NewJobSpec> jobs);

    /**
     * A job by its id; asks the cluster nothing.
     *
     * @param id a <a href="../package-summary.html#names">name</a>
     * @throws ValidationException if it is empty, or has NUL or half of a surrogate pair
     */
    JobHandle job(String id);

    /**
     * Jobs of the queue.
     *
     * @throws KeyNotFoundException if the filter goes on behind a job that is no longer in its state
     * @throws ThrottledException if it would have to pass over very many jobs that were purged; ask again in a moment
     */
    JobPage list(JobFilter filter);

    /** As {@link #rerun(String, boolean)}, without the steps that were recorded. */
    default boolean rerun(String id) {
        return rerun(id, false);
    }

    /**
     * Has a job run again that is over, from its first attempt, behind all that wait.
     *
     * @param id a <a href="../package-summary.html#names">name</a>
     * @param keepSteps whether steps that it has recorded are not done again
     * @return false if there is no such job, or it waits or runs
     */
    boolean rerun(String id, boolean keepSteps);

    /** Has all dead jobs tried again. See {@link #redrive(long)}. */
    long redrive();

    /**
     * Has dead jobs tried again from their first attempt, the oldest first, behind all that wait, with the steps that
     * they have recorded.
     *
     * @param count at most so many, from 1
     * @return how many
     */
    long redrive(long count);

    /**
     * Watches what happens to the jobs of the queue, from now on. It survives reconnects and loses nothing, unless the
     * listener hears {@link JobListener#onCompacted}. That jobs are forgotten is not told. If there is a queue whose
     * name is this one's with a slash behind it and more, its jobs are told of too, with the rest of its name in front
     * of their ids.
     */
    Subscription watch(JobListener listener);

    // ---- workers ----

    /** As {@link #work(JobHandler, WorkOptions)}, with {@link WorkOptions#defaults()}. */
    JobWorker work(JobHandler handler);

    /**
     * Does the queue's jobs from now on.
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; nothing is done
     * @throws ValidationException if the concurrency is more than 10,000
     */
    JobWorker work(JobHandler handler, WorkOptions options);

    // ---- the queue itself ----

    /**
     * Makes the queue, or gives it other options.
     *
     * @return whether it was made
     */
    boolean configure(QueueOptions options);

    /** Gives workers nothing from now on; what runs goes on. */
    void pause();

    /** Gives workers jobs again. */
    void resume();

    /** What there is of it; empty if there is no such queue. */
    Optional<QueueStatus> inspect();

    /**
     * Forgets jobs that do not run.
     *
     * @param kinds which; at least one
     * @return how many
     * @throws ValidationException if there is no kind
     * @throws ThrottledException if an earlier purge still goes on
     */
    long purge(Set<PurgeKind> kinds);

    /** Forgets the queue and its jobs. Its workers are told, and end. False if there is no such queue. */
    boolean delete();
}
