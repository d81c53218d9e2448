package io.coordinator.client.builds;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.BuildCircleException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Expensive values that are built exactly once. Each key has at most one live builder and one committed result;
 * everybody else waits for that result (JC-BOR-1, JC-BOR-2).
 *
 * <p>A function can run twice only if its first builder lost its lease before it completed, so side effects of a build
 * should carry {@link BuildContext#token()}. Results are kept until deleted, unless {@link BuildOptions#ttl} is set. A
 * null result is cached like any other (JC-BOR-16).
 *
 * <p>A function may ask for other builds, but not for one that waits for its own. A call that would close such a circle
 * fails at once with {@link BuildCircleException}, if all functions of the circle run in one client and ask on the
 * threads on which they were called. Across clients such calls end with their timeouts.
 *
 * <p>Keys, and names of tasks, are <a href="../package-summary.html#names">names</a>; what is built has the limits of
 * all <a href="../package-summary.html#values">values</a>. If a result is too large, the call fails with
 * {@link PayloadTooLargeException} after its function has ended; the exception carries the
 * {@linkplain CoordinatorException#functionResult() result}. Those who waited get {@link BuildFailedException}.
 */
public interface Builds {
    /** The namespace. */
    String namespace();

    /** These builds with every command guarded by a grant, but for those that only read. */
    Builds guardedBy(Guard guard);

    /**
     * The value of a key: the stored one, or the one that this call's function builds, or the one that another caller
     * builds.
     *
     * <p>The function runs on the calling thread.
     *
     * @param timeout how long a build may take, and how long to wait for another builder; more than 0, in milliseconds
     *     rounded up; over 146 years count as that
     * @return the one committed value; null if that is JSON null
     * @throws X what this caller's function threw; callers that waited for it get {@link BuildFailedException}
     * @throws BuildTimeoutException if another builder did not finish in time; its build goes on (JC-BOR-13)
     * @throws BuildFailedException if the builder that this call waited for failed (JC-BOR-7)
     * @throws BuildLostException if this caller's function finished after the reservation had ended; it carries the
     *     value (JC-BOR-11)
     * @throws RequestTimeoutException if the cluster did not answer in time
     * @throws SessionExpiredException if the session was lost while waiting
     * @throws BuildCircleException if this is called by the function of a build that would wait for itself
     * @throws ValidationException before the function runs, if the mapper cannot write values of the type; after it, if
     *     the mapper cannot write the value that it returned. That value is
     *     {@linkplain CoordinatorException#functionResult() attached}, as it is to every other failure after the
     *     function has ended
     */
    <T, X extends Exception> @Nullable T getOrBuild(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, X> function, Duration timeout) throws X;

    /** As {@link #getOrBuild(String, Class, BuildFunction, Duration)}, with options. */
    <T, X extends Exception> @Nullable T getOrBuild(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, X> function, BuildOptions options) throws X;

    /** As {@link #getOrBuild(String, Class, BuildFunction, BuildOptions)}, for a generic type. */
    <T, X extends Exception> @Nullable T getOrBuild(
            String key, TypeReference<T> type, BuildFunction<? extends @Nullable T, X> function, BuildOptions options)
            throws X;

    /**
     * The stored value of a key, without building or waiting.
     *
     * @return null if it is JSON null
     * @throws KeyNotFoundException if there is none (JC-GET-2)
     * @throws BuildPendingException if it is being built (JC-GET-4)
     */
    <T> @Nullable T get(String key, Class<T> type);

    /**
     * The value of a key: the stored one, or the one that somebody else is building. Never builds.
     *
     * @param wait for a build that runs; 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @return null if it is JSON null
     * @throws KeyNotFoundException if there is none and nobody builds it, also if it is deleted or its last builder
     *     lost meanwhile (JC-GET-2, JC-GET-3)
     * @throws BuildPendingException if it is being built, and the wait is 0 or less
     * @throws BuildTimeoutException if the builder did not finish in time; its build goes on
     * @throws BuildFailedException if the builder failed
     */
    <T> @Nullable T get(String key, Class<T> type, Duration wait);

    /**
     * Stores a result without building it. A builder at work is told that its result is not wanted; those who wait for
     * it get this one (B-32).
     *
     * @param value null stores JSON null; at most 1 MiB as JSON
     * @param options ttl or sliding ttl; {@code keepTtl} means nothing here
     * @return the revision of this change
     * @throws PayloadTooLargeException if the value is larger
     */
    long put(String key, @Nullable Object value, PutOptions options);

    /**
     * Runs a task exactly once in the cluster (EL-USE-1): the first call runs it, the others wait for it or learn that
     * it was done. If it fails, or its host dies, the next call runs it again. It also runs again after
     * {@link #delete}, and after a year in which nobody asked for it: see {@link OnceOptions}.
     *
     * @param name of the task, a key like others
     * @param timeout how long the task may take, and how long to wait for another host's; more than 0, in milliseconds
     *     rounded up; over 146 years count as that
     * @return whether this call ran it
     * @throws X what the task threw
     */
    <X extends Exception> boolean runOnce(String name, OnceTask<X> task, Duration timeout) throws X;

    /**
     * As {@link #runOnce(String, OnceTask, Duration)}, with another time for which the task stays done. Each call that
     * runs the task says for how long.
     */
    <X extends Exception> boolean runOnce(String name, OnceTask<X> task, OnceOptions options) throws X;

    /** Whether a key is empty, being built or stored; changes nothing (JC-STA-1). */
    BuildStatus status(String key);

    /**
     * Removes a result, or cancels the build that runs: its builder's completion is refused and a waiter becomes the
     * builder (JC-DEL-1, JC-DEL-2).
     *
     * @return whether there was either
     */
    boolean delete(String key);

    /**
     * Deletes every key that starts with a prefix, as {@link #delete} does, in one step (B-32).
     *
     * @param prefix empty for all of the namespace
     * @return how many there were
     */
    long clear(String prefix);

    /**
     * Lists builds by the start of their keys, in order, at one revision.
     *
     * @param prefix empty for all of the namespace
     * @param after continue after this key, the last one of the page before, which starts with the prefix; empty for
     *     the first page
     * @param limit at most so many; at least 1; a page has 100 at most, and about 1 MiB
     * @throws ValidationException if the limit is less than 1, or {@code after} does not start with the prefix
     */
    BuildPage list(String prefix, String after, int limit);

    /**
     * As {@link #list}, only those at which a builder is: also what it builds anew. A page may end with a key of the
     * state {@link BuildStatus.State#EMPTY}, which is there only for the next page to go on behind it.
     */
    BuildPage listRunning(String prefix, String after, int limit);
}
