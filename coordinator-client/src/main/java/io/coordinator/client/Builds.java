package io.coordinator.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Expensive values that are built exactly once: for each key at most one live builder and one committed result, while
 * everybody else waits for it (JC-BOR-1, JC-BOR-2).
 *
 * <p>A function can run twice only if its first builder lost its lease before it completed, so side effects of a build
 * should carry {@link BuildContext#token()}. Results are kept until deleted, unless {@link BuildOptions#ttl} is set. A
 * null result is cached like any other (JC-BOR-16).
 */
public interface Builds {
    /** The namespace. */
    String namespace();

    /** These builds with every command guarded by a grant. */
    Builds guardedBy(Guard guard);

    /**
     * The value of a key: as it is stored, or as this call's function builds it, or as another builder does.
     *
     * <p>A function of this blocking call runs on the calling thread.
     *
     * @param timeout how long a build may take, and how long to wait for another builder; at least 1 ms
     * @return the one committed value; null if that is JSON null
     * @throws X what the own function threw; callers that waited for it get {@link BuildFailedException}
     * @throws BuildTimeoutException if another builder did not finish in time; its build goes on (JC-BOR-13)
     * @throws BuildFailedException if the builder that this call waited for failed (JC-BOR-7)
     * @throws BuildLostException if the own function finished after the reservation had ended; it carries the value
     *     (JC-BOR-11)
     * @throws RequestTimeoutException if the cluster did not answer in time
     * @throws SessionExpiredException if the session was lost while waiting
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

    /** Whether a key is empty, being built or stored; changes nothing (JC-STA-1). */
    BuildStatus status(String key);

    /**
     * Removes a result, or cancels the build that runs: its builder's completion is refused and a waiter becomes the
     * builder (JC-DEL-1, JC-DEL-2).
     *
     * @return whether there was either
     */
    boolean delete(String key);
}
