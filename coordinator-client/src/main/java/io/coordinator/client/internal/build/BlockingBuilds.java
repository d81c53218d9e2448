package io.coordinator.client.internal.build;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import io.coordinator.client.BuildFunction;
import io.coordinator.client.BuildOptions;
import io.coordinator.client.BuildStatus;
import io.coordinator.client.Builds;
import io.coordinator.client.Guard;
import io.coordinator.client.internal.async.Await;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds for callers that wait, whose functions run on the waiting thread. */
public record BlockingBuilds(BuildCalls calls) implements Builds {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public Builds guardedBy(Guard guard) {
        return new BlockingBuilds(calls.guardedBy(guard));
    }

    @Override
    public <T, X extends Exception> @Nullable T getOrBuild(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, X> function, Duration timeout) throws X {
        return getOrBuild(key, type, function, BuildOptions.timeout(timeout));
    }

    @Override
    public <T, X extends Exception> @Nullable T getOrBuild(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, X> function, BuildOptions options)
            throws X {
        return this.<T, X>getOrBuild(key, calls.type(type), function, options);
    }

    @Override
    public <T, X extends Exception> @Nullable T getOrBuild(
            String key, TypeReference<T> type, BuildFunction<? extends @Nullable T, X> function, BuildOptions options)
            throws X {
        return this.<T, X>getOrBuild(key, calls.type(type), function, options);
    }

    private <T, X extends Exception> @Nullable T getOrBuild(
            String key, JavaType type, BuildFunction<? extends @Nullable T, X> function, BuildOptions options)
            throws X {
        return Await.<@Nullable T, X>helping(
                thisThread -> calls.<T>getOrBuild(key, type, function, options, thisThread));
    }

    @Override
    public <T> @Nullable T get(String key, Class<T> type) {
        return Await.<@Nullable T>result(calls.get(key, type));
    }

    @Override
    public BuildStatus status(String key) {
        return Await.result(calls.status(key));
    }

    @Override
    public boolean delete(String key) {
        return Await.result(calls.delete(key));
    }
}
