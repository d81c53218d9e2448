package io.coordinator.client.internal.builds;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.OnceTask;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ReserveBuild;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The builds of one namespace, as messages. */
public final class BuildCalls implements AsyncBuilds {
    private final Calls calls;
    private final SharedJobs shared;
    private final String namespace;
    private final BuildRecords records;

    /**
     * Builds of a namespace.
     *
     * @param shared what all builds of the client have in common
     */
    BuildCalls(Calls calls, SharedJobs shared, String namespace) {
        this.calls = calls;
        this.shared = shared;
        this.namespace = Calls.checkName("namespace", namespace);
        this.records = new BuildRecords(calls, this.namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public BuildCalls guardedBy(Guard guard) {
        return new BuildCalls(calls.guardedBy(guard), shared, namespace);
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, Duration timeout) {
        return calls.promises().attempt(() -> getOrBuildAsync(key, type, function, BuildOptions.timeout(timeout)));
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, Class<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options) {
        return getOrBuild(key, calls.json().type(type), function, options, worker());
    }

    @Override
    public <T> Promise<@Nullable T> getOrBuildAsync(
            String key, TypeReference<T> type, BuildFunction<? extends @Nullable T, ?> function, BuildOptions options) {
        return getOrBuild(key, calls.json().type(type), function, options, worker());
    }

    @Override
    public <T> Promise<@Nullable T> shareAsync(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout) {
        return jobs().share(id, type, job, timeout);
    }

    @Override
    public Promise<JobClaim> claimAsync(String id, Duration timeout) {
        return jobs().claim(id, timeout);
    }

    @Override
    public Promise<Boolean> runOnceAsync(String name, OnceTask<?> task, Duration timeout) {
        return calls.promises().attempt(() -> runOnceAsync(name, task, OnceOptions.timeout(timeout)));
    }

    @Override
    public Promise<Boolean> runOnceAsync(String name, OnceTask<?> task, OnceOptions options) {
        OnceRun<?> run = new OnceRun<>(task);
        return calls.promises()
                .map(getOrBuildAsync(name, Boolean.class, run, OnceRun.options(options)), done -> run.ran());
    }

    private Jobs jobs() {
        return shared.jobs(namespace, calls.guard());
    }

    Calls calls() {
        return calls;
    }

    Executor worker() {
        return shared.worker();
    }

    WaitCircles circles() {
        return shared.circles();
    }

    /** The build of a key, among those that wait for each other. */
    WaitCircles.Key target(String key) {
        return new WaitCircles.Key(namespace, key);
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
        return getOrBuild(key, type, this.<T>reading(type), function, options, functionWorker);
    }

    private <T> Results<T> reading(JavaType type) {
        return (result, asOf) -> calls.json().<T>read(result.getValue(), type);
    }

    /** Refuses a type that cannot be written before there is work to lose. */
    <T> Promise<@Nullable T> getOrBuild(
            String key,
            JavaType type,
            Results<T> results,
            BuildFunction<? extends @Nullable T, ?> function,
            BuildOptions options,
            Executor functionWorker) {
        try {
            calls.json().checkWritable(type);
        } catch (ValidationException e) {
            Promise<@Nullable T> refused = calls.promises().make();
            refused.fail(e);
            return refused;
        }
        ReserveBuild.Builder reserve = ReserveBuild.newBuilder()
                .setBuildMillis(Times.millis(options.buildTimeout()))
                .setWaitMillis(Times.millis(options.waitTimeout()))
                .setTakeOver(options.takesOver())
                .setTask(options.isTask());
        return run(key, results, reserve, options, Work.of(function), functionWorker);
    }

    /**
     * As getOrBuild, with work whose outcome may come later. Waits without a deadline. Whose function waits, its
     * callers know.
     */
    Promise<@Nullable JsonNode> getOrWork(String key, Work<JsonNode> work, BuildOptions options) {
        ReserveBuild.Builder reserve = ReserveBuild.newBuilder()
                .setBuildMillis(Times.millis(options.buildTimeout()))
                .setWaitMillis(-1);
        return run(key, this.<JsonNode>reading(type(JsonNode.class)), reserve, options, work, worker(), () -> {}, null);
    }

    /**
     * Work that goes on after its call has returned, and is done only if nobody is at it now (DL-PUSH-1). Waits without
     * a deadline.
     *
     * @param waiting runs when somebody else is at it
     */
    Promise<@Nullable JsonNode> claim(String key, Work<JsonNode> work, BuildOptions options, Runnable waiting) {
        ReserveBuild.Builder reserve = ReserveBuild.newBuilder()
                .setBuildMillis(Times.millis(options.buildTimeout()))
                .setWaitMillis(-1)
                .setNeverPromoted(true);
        return run(key, this.<JsonNode>reading(type(JsonNode.class)), reserve, options, work, worker(), waiting, null);
    }

    private <T> Promise<@Nullable T> run(
            String key,
            Results<T> results,
            ReserveBuild.Builder reserve,
            BuildOptions options,
            Work<T> work,
            Executor functionWorker) {
        return run(
                key,
                results,
                reserve,
                options,
                work,
                functionWorker,
                () -> {},
                circles().current());
    }

    private <T> Promise<@Nullable T> run(
            String key,
            Results<T> results,
            ReserveBuild.Builder reserve,
            BuildOptions options,
            Work<T> work,
            Executor functionWorker,
            Runnable waiting,
            WaitCircles.@Nullable Running caller) {
        Promise<@Nullable T> promise = calls.promises().reading().make();
        try {
            BuildTarget target = new BuildTarget(namespace, Calls.checkName("key", key), calls.guard());
            Command.Builder command = target.guarded(target.body().setReserve(reserve));
            long timeoutNanos = Times.nanos(calls.timeout());
            BuildRun<T> run = new BuildRun<>(
                    new BuildRun.Plan<>(
                            calls.channel(),
                            calls.json(),
                            shared.userPromises(),
                            timeoutNanos,
                            target,
                            options,
                            results,
                            work,
                            functionWorker,
                            worker(),
                            waiting,
                            circles(),
                            caller),
                    command,
                    promise);
            calls.channel().submit(run, timeoutNanos);
            promise.onCancel(run::cancel);
        } catch (CoordinatorException e) {
            promise.fail(e);
        }
        return promise;
    }

    @Override
    public <T> Promise<@Nullable T> get(String key, Class<T> type, Duration wait) {
        return get(key, this.<T>reading(type(type)), wait);
    }

    /** A command that changes nothing: reads are not guarded. */
    <T> Promise<@Nullable T> get(String key, Results<T> results, Duration wait) {
        return new BuildCalls(calls.unguarded(), shared, namespace).waitFor(key, results, wait);
    }

    private <T> Promise<@Nullable T> waitFor(String key, Results<T> results, Duration wait) {
        ReserveBuild.Builder reserve =
                ReserveBuild.newBuilder().setOnlyWait(true).setWaitMillis(Times.millis(wait));
        BuildOptions options = BuildOptions.timeout(calls.timeout()).waitTimeout(wait);
        return run(key, results, reserve, options, Work.none(), worker());
    }

    @Override
    public <T> Promise<@Nullable T> get(String key, Class<T> type) {
        return get(key, this.<T>reading(type(type)));
    }

    /** An access must be known to the cluster before it counts, or a sliding result could expire too early. */
    <T> Promise<@Nullable T> get(String key, Results<T> results) {
        Promise<Answer> asked = records.got(key);
        return calls.promises().reading().<Answer, @Nullable T>compose(asked, answer -> {
            io.coordinator.protocol.BuildStatus status = answer.getBuild().getStatus();
            @Nullable T value = value(key, results, status, answer.getRevision());
            return calls.isTouchDue(
                            status.getResult().getExpiresAtMillis(),
                            status.getResult().getSlidingMillis())
                    ? Promises.direct().<Boolean, @Nullable T>compose(records.touch(key), existed -> {
                        if (!existed) {
                            throw BuildTarget.notFound(namespace, key);
                        }
                        return known(value);
                    })
                    : known(value);
        });
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    static <T> Promise<@Nullable T> known(@Nullable T value) {
        Promise<@Nullable T> promise = Promises.direct().make();
        promise.succeed(value);
        return promise;
    }

    private <T> @Nullable T value(
            String key, Results<T> results, io.coordinator.protocol.BuildStatus status, long asOf) {
        return switch (status.getState()) {
            case EXISTS -> results.found(status.getResult(), asOf);
            case PENDING -> throw new BuildPendingException("key " + key + " is being built; ask again later");
            case EMPTY, UNRECOGNIZED -> throw BuildTarget.notFound(namespace, key);
        };
    }

    @Override
    public Promise<Long> put(String key, @Nullable Object value, PutOptions options) {
        return records.put(key, value, options);
    }

    @Override
    public Promise<Long> clear(String prefix) {
        return records.clear(prefix);
    }

    @Override
    public Promise<BuildPage> list(String prefix, String after, int limit) {
        return records.list(prefix, after, limit, false);
    }

    @Override
    public Promise<BuildPage> listRunning(String prefix, String after, int limit) {
        return records.list(prefix, after, limit, true);
    }

    @Override
    public Promise<BuildStatus> status(String key) {
        return records.status(key);
    }

    @Override
    public Promise<Boolean> delete(String key) {
        return records.delete(key);
    }
}
