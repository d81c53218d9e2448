package io.coordinator.client.internal.data;

import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.document.Documents;
import io.coordinator.client.internal.builds.BlockingBuilds;
import io.coordinator.client.internal.cache.BlockingCache;
import io.coordinator.client.internal.document.BlockingDocuments;
import io.coordinator.client.internal.durable.BlockingDurableTopics;
import io.coordinator.client.internal.job.BlockingJobQueues;
import io.coordinator.client.internal.lock.BlockingElection;
import io.coordinator.client.internal.lock.BlockingLock;
import io.coordinator.client.internal.lock.BlockingLocks;
import io.coordinator.client.internal.lock.BlockingReadWrite;
import io.coordinator.client.internal.lock.BlockingSemaphore;
import io.coordinator.client.internal.lock.BlockingSet;
import io.coordinator.client.internal.lock.BlockingValue;
import io.coordinator.client.internal.lock.ReadWriteCalls;
import io.coordinator.client.internal.rpc.BlockingRpc;
import io.coordinator.client.internal.schedule.BlockingSchedules;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.topic.BlockingTopics;
import io.coordinator.client.internal.transaction.TransactionCalls;
import io.coordinator.client.internal.watch.ChangePublisher;
import io.coordinator.client.job.JobQueues;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.option.Guard;
import io.coordinator.client.rpc.Rpc;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.Topics;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The data of one namespace, for callers that wait. */
public class BlockingData implements Data {
    private final Handles handles;
    private final String namespace;
    private final @Nullable Guard guard;

    /**
     * Data of a namespace.
     *
     * @param guard of all writes, or null
     */
    public BlockingData(Handles handles, String namespace, @Nullable Guard guard) {
        this.handles = handles;
        this.namespace = Calls.checkName("namespace", namespace);
        this.guard = guard;
    }

    /** The calls that carry the guard. */
    static Calls guarded(Calls calls, @Nullable Guard guard) {
        return guard == null ? calls : calls.guardedBy(guard);
    }

    private Calls guarded() {
        return guarded(handles.blocking(), guard);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public AsyncData async() {
        return new StagedData(handles, namespace, guard);
    }

    @Override
    public Data namespace(String other) {
        return new BlockingData(handles, other, guard);
    }

    @Override
    public Data guardedBy(Guard newGuard) {
        return new BlockingData(handles, namespace, Objects.requireNonNull(newGuard, "guard"));
    }

    @Override
    public DistributedLock lock(String name) {
        return new BlockingLock(handles.lock(handles.blocking(), namespace, name));
    }

    @Override
    public MultiLock multiLock(Collection<String> names) {
        return new BlockingSet(handles.set(handles.blocking(), namespace, names));
    }

    @Override
    public DistributedReadWriteLock readWriteLock(String name) {
        ReadWriteCalls calls = handles.readWriteLock(handles.blocking(), namespace, name);
        return new BlockingReadWrite(new BlockingLock(calls.readLock()), new BlockingLock(calls.writeLock()));
    }

    @Override
    public DistributedSemaphore semaphore(String name, int permits) {
        return new BlockingSemaphore(handles.semaphore(handles.blocking(), namespace, name, permits));
    }

    @Override
    public LeaderElection election(String name) {
        return new BlockingElection(handles.election(handles.blocking(), namespace, name));
    }

    @Override
    public <T> LockedValue<T> lockedValue(String name, Class<T> type) {
        return new BlockingValue<>(handles.lockedValue(handles.blocking(), namespace, name, type, guard));
    }

    @Override
    public Locks locks() {
        return new BlockingLocks(handles.locks(handles.blocking(), namespace));
    }

    @Override
    public Cache cache() {
        return new BlockingCache(handles.cache(guarded(), namespace));
    }

    @Override
    public Documents documents() {
        return new BlockingDocuments(handles.documents(guarded(), namespace), handles);
    }

    @Override
    public Builds builds() {
        return new BlockingBuilds(handles.builds(guarded(), namespace));
    }

    @Override
    public Schedules schedules() {
        return new BlockingSchedules(handles.schedules(guarded(), namespace));
    }

    @Override
    public DurableTopics durableTopics() {
        return new BlockingDurableTopics(handles.durableTopics(guarded(), namespace));
    }

    @Override
    public Topics topics() {
        return new BlockingTopics(handles.topics(handles.blocking(), namespace));
    }

    @Override
    public Rpc rpc() {
        return new BlockingRpc(handles.rpc(handles.blocking(), namespace));
    }

    @Override
    public JobQueues jobQueues() {
        return new BlockingJobQueues(handles.jobQueues(guarded(), namespace));
    }

    @Override
    public Transaction transaction() {
        return new TransactionCalls(guarded(), guarded(handles.staged(), guard), namespace);
    }

    @Override
    public Subscription watch(WatchOptions options, WatchListener listener) {
        return handles.watch(here(options), listener);
    }

    @Override
    public Flow.Publisher<ChangeEvent> changes(WatchOptions options) {
        return new ChangePublisher(here(options), handles::watch, handles.user().callbacks());
    }

    private WatchOptions here(WatchOptions options) {
        return options.namespace() == null ? options.namespace(namespace) : options;
    }
}
