package io.coordinator.client.internal.lock;

import io.coordinator.client.CallbackQueue;
import io.coordinator.client.CallbackQueueOptions;
import io.coordinator.client.DistributedSemaphore;
import io.coordinator.client.Grant;
import io.coordinator.client.LockMode;
import io.coordinator.client.LockOptions;
import io.coordinator.client.MultiLockHandle;
import io.coordinator.client.OnceLock;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.session.Calls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Locks as a callback queue has them. */
public final class QueueLocks implements CallbackQueue {
    private final Calls calls;
    private final UserSide user;
    private final CallbackQueueOptions options;
    private final Set<Grant> taken = ConcurrentHashMap.newKeySet();

    /** A queue that holds nothing yet. */
    public QueueLocks(Calls calls, UserSide user, CallbackQueueOptions options) {
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
