package io.coordinator.compat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.ClaimedJob;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.UnavailableException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.MultiLockHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks as a callback queue has them. */
final class QueueLocks implements CallbackQueue {
    private static final Logger log = LoggerFactory.getLogger(QueueLocks.class);

    private final CoordinatorClient client;
    private final CallbackQueueOptions options;
    private final Data data;
    private final AsyncBuilds jobs;
    private final Set<Grant> taken = ConcurrentHashMap.newKeySet();

    /** A queue that holds nothing yet. */
    QueueLocks(CoordinatorClient client, CallbackQueueOptions options) {
        this.client = client;
        this.options = options;
        this.data = client.namespace(options.lockPrefix());
        this.jobs = data.async().builds();
    }

    @Override
    public CallbackQueueOptions options() {
        return options;
    }

    @Override
    public OnceLock once(String id) {
        QueueLock lock = new QueueLock(data.lock(id), options, this::took);
        lock.acquire();
        return lock;
    }

    @Override
    public MultiLockHandle multi(Object... ids) {
        MultiLockHandle handle = data.multiLock(flatten(Arrays.asList(ids))).acquire(terms(options));
        took(handle);
        return handle;
    }

    /** The ids themselves and those in collections and arrays among them; what is no string stands for its text. */
    private static List<String> flatten(List<?> ids) {
        List<String> flat = new ArrayList<>();
        for (Object id : ids) {
            if (id instanceof Collection<?> several) {
                several.forEach(each -> add(each, flat));
            } else if (id instanceof Object[] several) {
                Arrays.asList(several).forEach(each -> add(each, flat));
            } else {
                add(id, flat);
            }
        }
        return flat;
    }

    private static void add(@Nullable Object id, List<String> flat) {
        if (id instanceof Collection<?> || (id != null && id.getClass().isArray())) {
            throw new ValidationException(
                    "ids are strings, and collections or arrays of them one level deep, but one is a "
                            + id.getClass().getSimpleName());
        }
        if (id != null) {
            flat.add(id.toString());
        }
    }

    @Override
    public DistributedSemaphore semaphore(String bucket) {
        return data.semaphore(bucket, 1);
    }

    @Override
    public <T extends @Nullable Object> T serial(String key, Callable<T> job) throws Exception {
        return serial(key).run(job);
    }

    @Override
    public SerialQueue serial(String key) {
        return new LockTurns(client, data, key);
    }

    @Override
    public JobCompleter push(String id, JobCallback onCompleted) {
        PushResult result = tryPush(id, onCompleted, Checks.times(options.lockTimeout(), 2));
        if (result.completer().isPresent()) {
            return result.completer().get();
        }
        if (result.failure() instanceof UnavailableException unavailable) {
            throw unavailable; // Nobody knows whether it runs (DL-PUSH-8).
        }
        throw new LockAcquisitionException("job is already running");
    }

    @Override
    public PushResult tryPush(String id, JobCallback onCompleted, Duration timeout) {
        requireNonNull(onCompleted, "onCompleted");
        CompletableFuture<List<JsonNode>> outcome = new CompletableFuture<>();
        Stages.whenDone(
                outcome, (args, error) -> client.callbackExecutor().execute(() -> call(onCompleted, error, args, id)));
        CompletionStage<JobClaim> claimed = jobs.claimAsync(Checks.name("id", id), timeout);
        Stages.whenDone(claimed, (claim, error) -> {
            if (error == null) {
                follow(claim.outcome(), outcome);
            } else {
                outcome.completeExceptionally(error);
            }
        });
        return new PushResult(owned(claimed, id).map(Completer::new), outcome);
    }

    /** A caller that is interrupted has registered its callback all the same, but cannot be told to do the job. */
    private static Optional<ClaimedJob> owned(CompletionStage<JobClaim> claimed, String id) {
        try {
            return Stages.await(claimed.toCompletableFuture().copy()).job();
        } catch (CoordinatorInterruptedException e) {
            var unused = claimed.thenAccept(claim -> claim.job()
                    .ifPresent(job -> job.fail(new BuildLostException(
                            "the owner of job '" + id + "' was interrupted before it knew that it was; push it again",
                            null))));
            throw e;
        }
    }

    /** Whoever cancels what it was told waits no longer. */
    private static void follow(CompletionStage<JsonNode> result, CompletableFuture<List<JsonNode>> outcome) {
        Stages.whenDone(result, (value, error) -> {
            if (error == null) {
                outcome.complete(elements(value));
            } else {
                outcome.completeExceptionally(error);
            }
        });
        Stages.whenDone(outcome, (args, error) -> result.toCompletableFuture().cancel(false));
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }

    private static void call(
            JobCallback callback, @Nullable Throwable error, @Nullable List<JsonNode> args, String id) {
        try {
            callback.completed(error, args == null ? List.of() : args);
        } catch (Throwable e) { // whatever it is, it must not stop the others
            EventOrder.warn(log, "the callback " + callback.getClass().getName() + " of job " + id + " threw", e);
        }
    }

    @Override
    public <T> CompletionStage<@Nullable T> fanout(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job) {
        return fanout(id, type, job, Checks.times(options.lockTimeout(), 2));
    }

    @Override
    public <T> CompletionStage<@Nullable T> fanout(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout) {
        return jobs.shareAsync(id, type, job, timeout);
    }

    @Override
    public List<Grant> heldLocks() {
        taken.removeIf(grant -> !grant.isHeld());
        return List.copyOf(taken);
    }

    private void took(Grant grant) {
        taken.removeIf(other -> !other.isHeld());
        taken.add(grant);
    }

    static LockOptions terms(CallbackQueueOptions options) {
        return LockOptions.defaults()
                .ttl(options.lockTimeout())
                .autoRenew(false)
                .wait(options.patience());
    }

    /** In the older library's words, with all arguments as one array. */
    private record Completer(ClaimedJob job) implements JobCompleter {
        @Override
        public CompletionStage<@Nullable Void> completed(@Nullable Object... args) {
            return job.complete(Arrays.asList(args));
        }

        @Override
        public CompletionStage<@Nullable Void> failed(Throwable error) {
            return job.fail(error);
        }
    }
}
