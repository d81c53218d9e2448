package io.coordinator.client.internal;

import io.coordinator.client.AsyncBuilds;
import io.coordinator.client.AsyncCache;
import io.coordinator.client.AsyncCoordinatorClient;
import io.coordinator.client.AsyncDistributedLock;
import io.coordinator.client.ClusterStats;
import io.coordinator.client.NodeStatus;
import io.coordinator.client.internal.cache.CacheCalls;
import io.coordinator.client.internal.session.Calls;
import java.time.Duration;
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
    public AsyncCache cache() {
        return cache(client.namespace());
    }

    @Override
    public AsyncCache cache(String namespace) {
        return new CacheCalls(calls, namespace);
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
