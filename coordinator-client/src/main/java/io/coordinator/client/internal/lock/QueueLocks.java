package io.coordinator.client.internal.lock;

import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.UnavailableException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.builds.Jobs;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.lock.CallbackQueue;
import io.coordinator.client.lock.CallbackQueueOptions;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.JobCallback;
import io.coordinator.client.lock.JobCompleter;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.OnceLock;
import io.coordinator.client.lock.PushResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Locks as a callback queue has them. */
public final class QueueLocks implements CallbackQueue {
    private final Calls calls;
    private final UserSide user;
    private final CallbackQueueOptions options;
    private final Jobs jobs;
    private final Set<Grant> taken = ConcurrentHashMap.newKeySet();

    /** A queue that holds nothing yet. */
    public QueueLocks(Calls calls, UserSide user, CallbackQueueOptions options, Jobs jobs) {
        this.jobs = jobs;
        this.calls = calls;
        this.user = user;
        this.options = options;
    }

    @Override
    public CallbackQueueOptions options() {
        return options;
    }

    @Override
    public OnceLock once(String id) {
        QueueLock lock = new QueueLock(lock(id), options, this::took);
        lock.acquire();
        return lock;
    }

    @Override
    public MultiLockHandle multi(Object... ids) {
        SetCalls set = new SetCalls(calls, user, options.lockPrefix(), flatten(Arrays.asList(ids)));
        MultiLockHandle handle = Await.result(set.acquire(terms(options)));
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
        return new BlockingSemaphore(new SemaphoreCalls(calls, user, options.lockPrefix(), bucket, 1));
    }

    @Override
    public <T extends @Nullable Object> T serial(String key, Callable<T> job) throws Exception {
        return new SerialJobs(lock(key)).run(job);
    }

    @Override
    public JobCompleter push(String id, JobCallback onCompleted) {
        PushResult result = tryPush(id, onCompleted, Times.multiply(options.lockTimeout(), 2));
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
        return jobs.push(id, onCompleted, timeout);
    }

    @Override
    public <T> CompletionStage<@Nullable T> fanout(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job) {
        return fanout(id, type, job, Times.multiply(options.lockTimeout(), 2));
    }

    @Override
    public <T> CompletionStage<@Nullable T> fanout(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout) {
        return jobs.fanout(id, type, job, timeout);
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

    private LockCalls lock(String id) {
        return new LockCalls(calls, user, options.lockPrefix(), id, LockMode.EXCLUSIVE);
    }

    static LockOptions terms(CallbackQueueOptions options) {
        return LockOptions.defaults()
                .ttl(options.lockTimeout())
                .autoRenew(false)
                .wait(options.patience());
    }
}
