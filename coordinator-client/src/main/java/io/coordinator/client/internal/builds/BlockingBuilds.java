package io.coordinator.client.internal.builds;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.OnceTask;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.option.Guard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
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
        AtomicReference<@Nullable T> built = new AtomicReference<>();
        BuildFunction<@Nullable T, X> remembered = context -> {
            T value = function.build(context);
            built.set(value);
            return value;
        };
        try {
            return Await.<@Nullable T, X>helping(
                    thisThread -> calls.<T>getOrBuild(key, type, remembered, options, thisThread));
        } catch (CoordinatorInterruptedException e) {
            throw e.withFunctionResult(built.get());
        }
    }

    @Override
    public <T> @Nullable T get(String key, Class<T> type) {
        return Await.<@Nullable T>result(calls.get(key, type));
    }

    @Override
    public <T> @Nullable T get(String key, Class<T> type, Duration wait) {
        return Await.<@Nullable T>result(calls.get(key, type, wait));
    }

    @Override
    public long put(String key, @Nullable Object value, PutOptions options) {
        return Await.result(calls.put(key, value, options));
    }

    @Override
    public <X extends Exception> boolean runOnce(String name, OnceTask<X> task, Duration timeout) throws X {
        return this.<X>runOnce(name, task, OnceOptions.timeout(timeout));
    }

    @Override
    public <X extends Exception> boolean runOnce(String name, OnceTask<X> task, OnceOptions options) throws X {
        OnceRun<X> run = new OnceRun<>(task);
        this.<Boolean, X>getOrBuild(name, Boolean.class, run, OnceRun.options(options));
        return run.ran();
    }

    @Override
    public long clear(String prefix) {
        return Await.result(calls.clear(prefix));
    }

    @Override
    public BuildPage list(String prefix, String after, int limit) {
        return Await.result(calls.list(prefix, after, limit));
    }

    @Override
    public BuildPage listRunning(String prefix, String after, int limit) {
        return Await.result(calls.listRunning(prefix, after, limit));
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
