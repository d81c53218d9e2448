package io.coordinator.client;

import io.coordinator.client.cluster.AsyncClusterMembers;
import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.internal.async.UserWork;
import io.coordinator.client.internal.data.Handles;
import io.coordinator.client.internal.data.StagedData;
import io.coordinator.client.internal.node.ClusterCalls;
import io.coordinator.client.internal.node.StagedMembers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The asynchronous face of a client. */
final class AsyncRuntime extends StagedData implements AsyncCoordinatorClient {
    private final ClusterCalls cluster;
    private final UserWork work;
    private final AsyncClusterMembers members;

    AsyncRuntime(Handles handles, String namespace, ClusterCalls cluster, String clientName) {
        super(handles, namespace, null);
        this.cluster = cluster;
        this.work = handles.work();
        this.members = new StagedMembers(cluster.members(clientName));
    }

    @Override
    public CompletionStage<Duration> ping() {
        return cluster.ping();
    }

    @Override
    public CompletionStage<List<NodeStatus>> status() {
        return cluster.status();
    }

    @Override
    public CompletionStage<ClusterStats> stats() {
        return cluster.stats();
    }

    @Override
    public CompletionStage<SessionPage> sessions(long after, int limit) {
        return cluster.sessions(after, limit);
    }

    @Override
    public AsyncClusterMembers members() {
        return members;
    }

    @Override
    public CompletionStage<String> transferLeadership() {
        return transferLeadership("");
    }

    @Override
    public CompletionStage<String> transferLeadership(String toNode) {
        return cluster.transferLeadership(toNode);
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> run(Callable<T> function) {
        return work.run(Objects.requireNonNull(function, "function"));
    }
}
