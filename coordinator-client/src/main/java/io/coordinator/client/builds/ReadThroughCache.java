package io.coordinator.client.builds;

import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose values are built exactly once for all processes, as {@link Builds} does, with keys and values of types,
 * one expiry, and copies near the caller if wanted (JC).
 *
 * <p><b>Copies.</b> A copy is thrown away when its key is built anew, put, deleted, expires or is cleared anywhere, as
 * soon as the client hears of it. So a copy can be older than the cluster's value for as long as news take to arrive,
 * or until a silent connection is noticed; not longer, since without a live connection no copy is used. It is never
 * used after the cluster's own expiry. Values are shared by all callers: do not change them. {@link #linearizable()}
 * always asks the cluster.
 *
 * <p><b>Arguments.</b> What the {@link KeyCodec} makes of a key is a <a href="../package-summary.html#names">name</a>,
 * and values have the limits of all <a href="../package-summary.html#values">values</a>. A timeout of 0 or less is
 * refused with {@link ValidationException}, unless there is a copy to answer with. The exception is thrown at once:
 * there is no stage then, and no callback is called.
 */
public interface ReadThroughCache<K, V> extends AutoCloseable {
    /** The namespace. */
    String name();

    /** The same cache without copies: every call asks the cluster (JC-L1-9). */
    ReadThroughCache<K, V> linearizable();

    /**
     * The value of a key: as it is stored, or as this call's function builds it, or as another builder does.
     *
     * @param timeout how long a build may take, and how long to wait for another builder; more than 0, in milliseconds
     *     rounded up; over 146 years count as that
     * @throws X what the own function threw; otherwise as
     *     {@link Builds#getOrBuild(String, Class, BuildFunction, Duration)}
     */
    <X extends Exception> @Nullable V buildOrRetrieve(
            K key, BuildFunction<? extends @Nullable V, X> build, Duration timeout) throws X;

    /** As {@link #buildOrRetrieve}, with a stage; the function runs on the client's work executor. */
    CompletionStage<@Nullable V> buildOrRetrieveAsync(
            K key, BuildFunction<? extends @Nullable V, ?> build, Duration timeout);

    /** As {@link #buildOrRetrieveAsync}, with callbacks, of which exactly one is called, once (JC-ASY-1, A-29). */
    void asyncBuildOrRetrieve(
            K key,
            BuildFunction<? extends @Nullable V, ?> build,
            Duration timeout,
            Consumer<? super @Nullable V> onValue,
            Consumer<Throwable> onError);

    /**
     * The value of a key, without building or waiting.
     *
     * @throws KeyNotFoundException if there is none (JC-GET-2)
     * @throws BuildPendingException if it is being built (JC-GET-4)
     */
    @Nullable
    V get(K key);

    /**
     * The value of a key, waiting for a build that runs (JC-GET-3).
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @throws KeyNotFoundException if there is none and nobody builds it
     * @throws BuildPendingException if it is being built, and the wait is 0 or less
     * @throws BuildTimeoutException if the builder did not finish in time
     * @throws BuildFailedException if the builder failed
     */
    @Nullable
    V get(K key, Duration wait);

    /** See {@link #get(Object)}. */
    CompletionStage<@Nullable V> getAsync(K key);

    /**
     * See {@link #get(Object, Duration)}.
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    CompletionStage<@Nullable V> getAsync(K key, Duration wait);

    /** Whether a key is empty, being built or stored, as the cluster knows it; no access (JC-STA-1, JC-STA-2). */
    BuildStatus.State status(K key);

    /** See {@link #status}. */
    CompletionStage<BuildStatus.State> statusAsync(K key);

    /** Removes a value, or cancels its build (JC-DEL-1, JC-DEL-2); see {@link Builds#delete}. */
    boolean delete(K key);

    /** See {@link #delete}. */
    CompletionStage<Boolean> deleteAsync(K key);

    /**
     * Ends the use of copies. Calls that wait fail with {@link ClosedException}, as does every later call. The client
     * stays open (JC-CLS-1).
     */
    @Override
    void close();
}
