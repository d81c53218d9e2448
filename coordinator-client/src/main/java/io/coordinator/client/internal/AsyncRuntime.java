package io.coordinator.client.internal;

import io.coordinator.client.AsyncBuilds;
import io.coordinator.client.AsyncCache;
import io.coordinator.client.AsyncCoordinatorClient;
import io.coordinator.client.AsyncDistributedLock;
import io.coordinator.client.AsyncDistributedReadWriteLock;
import io.coordinator.client.AsyncDistributedSemaphore;
import io.coordinator.client.AsyncDocuments;
import io.coordinator.client.AsyncLeaderElection;
import io.coordinator.client.AsyncLocks;
import io.coordinator.client.AsyncMultiLock;
import io.coordinator.client.ClusterStats;
import io.coordinator.client.NodeStatus;
import io.coordinator.client.internal.cache.CacheCalls;
import io.coordinator.client.internal.document.ClusterChannel;
import io.coordinator.client.internal.document.DocumentCalls;
import io.coordinator.client.internal.document.StagedDocuments;
import io.coordinator.client.internal.lock.LockAdmin;
import io.coordinator.client.internal.lock.SemaphoreCalls;
import io.coordinator.client.internal.lock.SetCalls;
import io.coordinator.client.internal.session.Calls;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The asynchronous face of a client. */
record AsyncRuntime(ClientRuntime client, Calls calls) implements AsyncCoordinatorClient {
    @Override
    public AsyncDistributedLock lock(String name) {
        return lock(client.namespace(), name);
    }

    @Override
    public AsyncDistributedLock lock(String namespace, String name) {
        return client.lockCalls(calls, namespace, name);
    }

    @Override
    public AsyncMultiLock multiLock(Collection<String> names) {
        return multiLock(client.namespace(), names);
    }

    @Override
    public AsyncMultiLock multiLock(String namespace, Collection<String> names) {
        return new SetCalls(calls, client.user(), namespace, names);
    }

    @Override
    public AsyncDistributedReadWriteLock readWriteLock(String name) {
        return readWriteLock(client.namespace(), name);
    }

    @Override
    public AsyncDistributedReadWriteLock readWriteLock(String namespace, String name) {
        return client.readWriteCalls(calls, namespace, name);
    }

    @Override
    public AsyncDistributedSemaphore semaphore(String name) {
        return semaphore(name, 1);
    }

    @Override
    public AsyncDistributedSemaphore semaphore(String name, int permits) {
        return semaphore(client.namespace(), name, permits);
    }

    @Override
    public AsyncDistributedSemaphore semaphore(String namespace, String name, int permits) {
        return new SemaphoreCalls(calls, client.user(), namespace, name, permits);
    }

    @Override
    public AsyncLeaderElection election(String name) {
        return election(client.namespace(), name);
    }

    @Override
    public AsyncLeaderElection election(String namespace, String name) {
        return client.electionCalls(calls, namespace, name);
    }

    @Override
    public AsyncLocks locks() {
        return new LockAdmin(calls, client.user(), client.namespace());
    }

    @Override
    public AsyncDocuments documents() {
        return documents(client.namespace());
    }

    @Override
    public AsyncDocuments documents(String namespace) {
        return new StagedDocuments(new DocumentCalls(new ClusterChannel(calls), namespace));
    }

    @Override
    public AsyncCache cache() {
        return cache(client.namespace());
    }

    @Override
    public AsyncCache cache(String namespace) {
        return new CacheCalls(calls, namespace, client.touches());
    }

    @Override
    public AsyncBuilds builds() {
        return builds(client.namespace());
    }

    @Override
    public AsyncBuilds builds(String namespace) {
        return client.buildCalls(calls, namespace);
    }

    @Override
    public CompletionStage<Duration> ping() {
        return client.ping(calls);
    }

    @Override
    public CompletionStage<List<NodeStatus>> status() {
        return client.status(calls);
    }

    @Override
    public CompletionStage<ClusterStats> stats() {
        return client.stats(calls);
    }

    @Override
    public CompletionStage<String> transferLeadership() {
        return client.transferLeadership(calls, "");
    }

    @Override
    public CompletionStage<String> transferLeadership(String toNode) {
        return client.transferLeadership(calls, toNode);
    }
}
