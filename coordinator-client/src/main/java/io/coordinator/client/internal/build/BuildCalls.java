package io.coordinator.client.internal.build;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import io.coordinator.client.AsyncBuilds;
import io.coordinator.client.BuildFunction;
import io.coordinator.client.BuildOptions;
import io.coordinator.client.BuildPendingException;
import io.coordinator.client.BuildStatus;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Guard;
import io.coordinator.client.KeyNotFoundException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.ReserveBuild;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The builds of one namespace, as messages. */
public final class BuildCalls implements AsyncBuilds {
    private final Calls calls;
    private final Promises userPromises;
    private final Executor worker;
    private final String namespace;

    /**
     * Builds of a namespace.
     *
     * @param userPromises for what contexts give to user code, however this call is made
     * @param worker runs the functions of asynchronous calls
     */
    public BuildCalls(Calls calls, Promises userPromises, Executor worker, String namespace) {
        this.calls = calls;
        this.userPromises = userPromises;
        this.worker = worker;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public BuildCalls guardedBy(Guard guard) {
        return new BuildCalls(calls.guardedBy(guard), userPromises, worker, namespace);
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, Duration timeout) {
        return getOrBuildAsync(key, type, function, BuildOptions.timeout(timeout));
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options) {
        return getOrBuild(key, calls.json().type(type), function, options, worker);
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, TypeReference<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options) {
        return getOrBuild(key, calls.json().type(type), function, options, worker);
    }

    JavaType type(Class<?> type) {
        return calls.json().type(type);
    }

    JavaType type(TypeReference<?> type) {
        return calls.json().type(type);
    }

    /** As the public methods, with the function on an executor of the caller's. */
    <T> Promise<@Nullable T> getOrBuild(
            String key,
            JavaType type,
            BuildFunction<? extends @Nullable T, ?> function,
            BuildOptions options,
            Executor functionWorker) {
        Promise<@Nullable T> promise = calls.promises().make();
        try {
            BuildTarget target = new BuildTarget(namespace, Calls.checkName("key", key), calls.guard());
            Command.Builder reserve = target.guarded(target.body()
                    .setReserve(ReserveBuild.newBuilder()
                            .setBuildMillis(options.buildTimeout().toMillis())
                            .setWaitMillis(options.waitTimeout().toMillis())));
            BuildRun.Plan<T> plan = new BuildRun.Plan<>(
                    target, options, text -> calls.json().<T>read(text, type), function, functionWorker);
            long timeoutNanos = calls.timeout().toNanos();
            BuildRun<T> run =
                    new BuildRun<>(calls.channel(), calls.json(), userPromises, timeoutNanos, reserve, plan, promise);
            calls.channel().submit(run, timeoutNanos);
            promise.onCancel(run::cancel);
        } catch (CoordinatorException e) {
            promise.fail(e);
        }
        return promise;
    }

    @Override
    public <T> Promise<@Nullable T> get(String key, Class<T> type) {
        return query(key, answer -> {
            io.coordinator.protocol.BuildStatus status = answer.getBuild().getStatus();
            return switch (status.getState()) {
                case EXISTS -> calls.json().<T>read(status.getResult().getValue(), type(type));
                case PENDING -> throw new BuildPendingException("key " + key + " is being built; ask again later");
                case EMPTY, UNRECOGNIZED ->
                    throw new KeyNotFoundException("Key " + key + " does not exist in cache " + namespace);
            };
        });
    }

    @Override
    public Promise<BuildStatus> status(String key) {
        return query(key, answer -> status(answer.getBuild().getStatus()));
    }

    @Override
    public Promise<Boolean> delete(String key) {
        return calls.command(
                envelope -> {
                    BuildCommand body = BuildCommand.newBuilder()
                            .setNamespace(namespace)
                            .setKey(Calls.checkName("key", key))
                            .setDelete(DeleteBuild.getDefaultInstance())
                            .build();
                    envelope.setBuild(body);
                    return body.getSerializedSize();
                },
                reply -> reply.getBuild().getDeleted().getExisted());
    }

    private BuildStatus status(io.coordinator.protocol.BuildStatus status) {
        boolean exists = status.getState() == io.coordinator.protocol.BuildStatus.State.EXISTS;
        return new BuildStatus(
                switch (status.getState()) {
                    case EMPTY, UNRECOGNIZED -> BuildStatus.State.EMPTY;
                    case PENDING -> BuildStatus.State.PENDING;
                    case EXISTS -> BuildStatus.State.EXISTS;
                },
                exists ? calls.json().read(status.getResult().getValue()) : null,
                calls.json().readIfPresent(status.getProgress()),
                status.getWaiters(),
                status.getToken(),
                exists ? status.getResult().getRevision() : 0);
    }

    private <T extends @Nullable Object> Promise<T> query(String key, Function<Answer, T> decoder) {
        return calls.query(
                envelope -> envelope.setBuild(BuildQuery.newBuilder()
                        .setNamespace(namespace)
                        .setKey(Calls.checkName("key", key))
                        .setGet(GetBuild.getDefaultInstance())),
                answer -> {
                    if (!answer.hasBuild()) {
                        throw Errors.unexpectedAnswer(answer.getOutcomeCase());
                    }
                    return decoder.apply(answer);
                });
    }
}
