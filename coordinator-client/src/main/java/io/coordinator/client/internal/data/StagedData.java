package io.coordinator.client.internal.data;

import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.internal.document.StagedDocuments;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.job.AsyncJobQueues;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.AsyncDistributedReadWriteLock;
import io.coordinator.client.lock.AsyncDistributedSemaphore;
import io.coordinator.client.lock.AsyncLeaderElection;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.AsyncLocks;
import io.coordinator.client.lock.AsyncMultiLock;
import io.coordinator.client.option.Guard;
import io.coordinator.client.rpc.AsyncRpc;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.topic.AsyncDurableTopics;
import io.coordinator.client.topic.AsyncTopics;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data of one namespace, with stages. */
public class StagedData implements AsyncData {
    private final Handles handles;
    private final String namespace;
    private final @Nullable Guard guard;

    /**
     * Data of a namespace.
     *
     * @param guard of all writes, or null
     */
    public StagedData(Handles handles, String namespace, @Nullable Guard guard) {
        this.handles = handles;
        this.namespace = Calls.checkName("namespace", namespace);
        this.guard = guard;
    }

    private Calls guarded() {
        return BlockingData.guarded(handles.staged(), guard);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public AsyncData namespace(String other) {
        return new StagedData(handles, other, guard);
    }

    @Override
    public AsyncData guardedBy(Guard newGuard) {
        return new StagedData(handles, namespace, Objects.requireNonNull(newGuard, "guard"));
    }

    @Override
    public AsyncDistributedLock lock(String name) {
        return handles.lock(handles.staged(), namespace, name);
    }

    @Override
    public AsyncMultiLock multiLock(Collection<String> names) {
        return handles.set(handles.staged(), namespace, names);
    }

    @Override
    public AsyncDistributedReadWriteLock readWriteLock(String name) {
        return handles.readWriteLock(handles.staged(), namespace, name);
    }

    @Override
    public AsyncDistributedSemaphore semaphore(String name, int permits) {
        return handles.semaphore(handles.staged(), namespace, name, permits);
    }

    @Override
    public AsyncLeaderElection election(String name) {
        return handles.election(handles.staged(), namespace, name);
    }

    @Override
    public <T> AsyncLockedValue<T> lockedValue(String name, Class<T> type) {
        return handles.lockedValue(handles.staged(), namespace, name, type, guard);
    }

    @Override
    public AsyncLocks locks() {
        return handles.locks(handles.staged(), namespace);
    }

    @Override
    public AsyncCache cache() {
        return handles.cache(guarded(), namespace);
    }

    @Override
    public AsyncDocuments documents() {
        return new StagedDocuments(handles.documents(guarded(), namespace), handles);
    }

    @Override
    public AsyncBuilds builds() {
        return handles.builds(guarded(), namespace);
    }

    @Override
    public AsyncSchedules schedules() {
        return handles.schedules(guarded(), namespace);
    }

    @Override
    public AsyncDurableTopics durableTopics() {
        return handles.durableTopics(guarded(), namespace);
    }

    @Override
    public AsyncTopics topics() {
        return handles.topics(handles.staged(), namespace);
    }

    @Override
    public AsyncRpc rpc() {
        return handles.rpc(handles.staged(), namespace);
    }

    @Override
    public AsyncJobQueues jobQueues() {
        return handles.jobQueues(guarded(), namespace);
    }
}
