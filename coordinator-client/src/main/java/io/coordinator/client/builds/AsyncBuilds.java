package io.coordinator.client.builds;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous face of {@link Builds}; outcomes and errors are the same. Functions run on the client's work
 * executor. Cancelling the future withdraws the waiter; if the function already runs, its {@link BuildContext} says so,
 * and the reservation is given up.
 *
 * <p>Keys are <a href="../package-summary.html#names">names</a>. A bad argument fails the stage; a timeout of 0 or less
 * does so with {@link ValidationException}.
 */
public interface AsyncBuilds {
    /** The namespace. */
    String namespace();

    /** See {@link Builds#guardedBy(Guard)}. */
    AsyncBuilds guardedBy(Guard guard);

    /** See {@link Builds#getOrBuild(String, Class, BuildFunction, Duration)} (JC-ASY-1). */
    <T> CompletionStage<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, Duration timeout);

    /** See {@link Builds#getOrBuild(String, Class, BuildFunction, BuildOptions)}. */
    <T> CompletionStage<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options);

    /** See {@link Builds#getOrBuild(String, TypeReference, BuildFunction, BuildOptions)}. */
    <T> CompletionStage<@Nullable T> getOrBuildAsync(
            String key, TypeReference<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options);

    /** See {@link Builds#get(String, Class)}. */
    <T> CompletionStage<@Nullable T> get(String key, Class<T> type);

    /** See {@link Builds#get(String, Class, Duration)}. */
    <T> CompletionStage<@Nullable T> get(String key, Class<T> type, Duration wait);

    /** See {@link Builds#put}. */
    CompletionStage<Long> put(String key, @Nullable Object value, PutOptions options);

    /** See {@link Builds#runOnce(String, OnceTask, Duration)}. */
    CompletionStage<Boolean> runOnceAsync(String name, OnceTask<?> task, Duration timeout);

    /** See {@link Builds#runOnce(String, OnceTask, OnceOptions)}. */
    CompletionStage<Boolean> runOnceAsync(String name, OnceTask<?> task, OnceOptions options);

    /** See {@link Builds#status(String)}. */
    CompletionStage<BuildStatus> status(String key);

    /** See {@link Builds#delete(String)}. */
    CompletionStage<Boolean> delete(String key);

    /** See {@link Builds#clear(String)}. */
    CompletionStage<Long> clear(String prefix);

    /** See {@link Builds#list(String, String, int)}. */
    CompletionStage<BuildPage> list(String prefix, String after, int limit);

    /** See {@link Builds#listRunning(String, String, int)}. */
    CompletionStage<BuildPage> listRunning(String prefix, String after, int limit);

    /**
     * The result of a job that one of all who ask for it at the same time runs (DL-FAN-1). It is kept for nobody else:
     * the next
     * call runs the job again. If the runner dies, another of those who wait runs its own job.
     *
     * @param id a <a href="../package-summary.html#names">name</a>, of the jobs and builds of this namespace
     * @param timeout of this caller, more than 0, in milliseconds rounded up; over 146 years count as that; when the
     *     runner's is over its job is cancelled and all who wait fail as well
     * @return fails with the job's exception where it ran, with {@link RemoteJobException} elsewhere, and with
     *     {@link QueueNoResponseException} if it took too long
     */
    <T> CompletionStage<@Nullable T> shareAsync(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout);

    /**
     * Makes this caller the owner of a job if nobody is, and tells it what the job comes to in either case (DL-PUSH-1).
     * The owner
     * does the job in its own time and says when it is done; its session is all that bounds its time. The result is for
     * those
     * who have claimed the job by then: who claims it later is the owner of a new one.
     *
     * @param id a <a href="../package-summary.html#names">name</a>, of the jobs and builds of this namespace
     * @param timeout after which the outcome of this caller is {@link QueueNoResponseException}; 0 for never; in
     *     milliseconds rounded up; over 146 years count as that. An owner goes on
     * @return completes as soon as it is known who the owner is; fails with {@link ValidationException} if the timeout
     *     is negative, and with {@link ClosedException} if the client is closed before. Cancelling its future before
     *     withdraws the claim; if the job has become this caller's, those who wait for it hear that its owner was lost
     */
    CompletionStage<JobClaim> claimAsync(String id, Duration timeout);
}
