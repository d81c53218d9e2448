package io.coordinator.client.builds;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.cache.PutOptions;
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

    /** See {@link Builds#status(String)}. */
    CompletionStage<BuildStatus> status(String key);

    /** See {@link Builds#delete(String)}. */
    CompletionStage<Boolean> delete(String key);

    /** See {@link Builds#clear(String)}. */
    CompletionStage<Long> clear(String prefix);

    /** See {@link Builds#list(String, String, int)}. */
    CompletionStage<BuildPage> list(String prefix, String after, int limit);
}
