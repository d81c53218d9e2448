package io.coordinator.client.internal.data;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.UserWork;
import io.coordinator.client.internal.builds.BuildCalls;
import io.coordinator.client.internal.builds.SharedJobs;
import io.coordinator.client.internal.cache.CacheCalls;
import io.coordinator.client.internal.cache.Touches;
import io.coordinator.client.internal.document.DocumentCalls;
import io.coordinator.client.internal.document.DocumentChannel;
import io.coordinator.client.internal.document.Surroundings;
import io.coordinator.client.internal.durable.DurableTopicsCalls;
import io.coordinator.client.internal.job.JobQueuesCalls;
import io.coordinator.client.internal.lock.ElectionCalls;
import io.coordinator.client.internal.lock.LockAdmin;
import io.coordinator.client.internal.lock.LockCalls;
import io.coordinator.client.internal.lock.ReadWriteCalls;
import io.coordinator.client.internal.lock.SemaphoreCalls;
import io.coordinator.client.internal.lock.SetCalls;
import io.coordinator.client.internal.lock.UserSide;
import io.coordinator.client.internal.lock.ValueCalls;
import io.coordinator.client.internal.rpc.EphemeralStream;
import io.coordinator.client.internal.rpc.RpcCalls;
import io.coordinator.client.internal.rpc.ServedNames;
import io.coordinator.client.internal.schedule.ScheduleCalls;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.topic.TopicCalls;
import io.coordinator.client.internal.topic.TopicClient;
import io.coordinator.client.internal.watch.Watches;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes handles of every type, for calls of either kind, and has what the handles of one client share. */
public final class Handles implements Surroundings {
    /** No key of users is in here. */
    private static final String LOCKED_VALUES = ".values/";

    private final Calls blocking;
    private final Calls staged;
    private final UserSide user;
    private final Watches watches;
    private final TopicClient topics;
    private final Touches touches;
    private final SharedJobs jobs;
    private final ServedNames served;
    private final UserWork work;
    private final ClientSide side;

    /**
     * The handles of a client.
     *
     * @param blocking for callers that wait
     * @param userPromises for stages that callers see
     * @param callbacks runs listeners
     * @param worker runs functions that may take long
     * @param own where executors of the user's are called; takes every task
     */
    public Handles(
            Calls blocking,
            Promises userPromises,
            Executor callbacks,
            Executor worker,
            Executor own,
            Watches watches,
            TopicClient topics,
            EphemeralStream ephemeral) {
        this.blocking = blocking;
        this.staged = blocking.with(userPromises);
        this.watches = watches;
        this.topics = topics;
        jobs = new SharedJobs(blocking, userPromises, worker);
        work = new UserWork(userPromises, worker);
        touches = new Touches(blocking.channel());
        side = new ClientSide(userPromises, callbacks, worker, own, this::watch);
        served = new ServedNames(side, ephemeral);
        user = new UserSide(userPromises, callbacks, worker, held -> new HeldData(this, held));
    }

    public Calls blocking() {
        return blocking;
    }

    public Calls staged() {
        return staged;
    }

    public UserSide user() {
        return user;
    }

    /** Functions of the user's on the work executor. */
    public UserWork work() {
        return work;
    }

    @Override
    public Promises waiting() {
        return blocking.promises();
    }

    @Override
    public <T extends @Nullable Object> Promise<T> work(Callable<T> function) {
        return work.run(function);
    }

    LockCalls lock(Calls calls, String namespace, String name) {
        return new LockCalls(calls, user, namespace, name, LockMode.EXCLUSIVE);
    }

    SetCalls set(Calls calls, String namespace, Collection<String> names) {
        return new SetCalls(calls, user, namespace, names);
    }

    ReadWriteCalls readWriteLock(Calls calls, String namespace, String name) {
        return new ReadWriteCalls(
                new LockCalls(calls, user, namespace, name, LockMode.SHARED), lock(calls, namespace, name));
    }

    SemaphoreCalls semaphore(Calls calls, String namespace, String name, int permits) {
        return new SemaphoreCalls(calls, user, namespace, name, permits);
    }

    ElectionCalls election(Calls calls, String namespace, String name) {
        return new ElectionCalls(lock(calls, namespace, name), this::watch);
    }

    LockAdmin locks(Calls calls, String namespace) {
        return new LockAdmin(calls, namespace);
    }

    CacheCalls cache(Calls calls, String namespace) {
        return new CacheCalls(calls, namespace, touches);
    }

    DocumentCalls documents(Calls calls, String namespace) {
        return new DocumentCalls(new DocumentChannel(calls), namespace);
    }

    /** @param guard of the values, besides that of their lock, or null */
    <T> ValueCalls<T> lockedValue(Calls calls, String namespace, String name, Class<T> type, @Nullable Guard guard) {
        CacheCalls values = cache(blocking, LOCKED_VALUES + namespace);
        return new ValueCalls<>(lock(calls, namespace, name), new LockedValues(values, blocking, guard), type);
    }

    DurableTopicsCalls durableTopics(Calls calls, String namespace) {
        return new DurableTopicsCalls(calls, side, namespace);
    }

    ScheduleCalls schedules(Calls calls, String namespace) {
        return new ScheduleCalls(calls, namespace);
    }

    TopicCalls topics(Calls calls, String namespace) {
        return new TopicCalls(calls, topics, user.callbacks(), namespace);
    }

    /** Builds of a namespace. */
    public BuildCalls builds(Calls calls, String namespace) {
        return jobs.builds(calls, namespace);
    }

    JobQueuesCalls jobQueues(Calls calls, String namespace) {
        return new JobQueuesCalls(calls, side, namespace);
    }

    /** Calls and workers of a namespace. */
    RpcCalls rpc(Calls calls, String namespace) {
        return new RpcCalls(calls, served, namespace);
    }

    /** Watches what the options say; they name a namespace. */
    @Override
    public Subscription watch(WatchOptions options, WatchListener listener) {
        return watches.add(options, Objects.requireNonNull(options.namespace(), "namespace"), listener);
    }

    @Override
    public Turn turn(String namespace, String name, LockOptions options) {
        LockHandle lock = new BlockingData(this, namespace, null).lock(name).acquire(options);
        return new Turn() {
            @Override
            public Guard guard() {
                return lock.guard();
            }

            @Override
            public boolean isHeld() {
                return lock.isHeld();
            }

            @Override
            public void close() {
                lock.close();
            }
        };
    }
}
