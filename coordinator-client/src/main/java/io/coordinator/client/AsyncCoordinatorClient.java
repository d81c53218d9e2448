package io.coordinator.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of a {@link CoordinatorClient}. Methods return at once. A stage fails with a
 * {@link CoordinatorException} (seen by dependents inside a {@link java.util.concurrent.CompletionException}); its
 * dependents run on the client's callback executor. Cancelling {@code stage.toCompletableFuture()} cancels the call in
 * the cluster too, where it waits there.
 */
public interface AsyncCoordinatorClient {
    /** See {@link CoordinatorClient#lock(String)}. */
    AsyncDistributedLock lock(String name);

    /** See {@link CoordinatorClient#lock(String, String)}. */
    AsyncDistributedLock lock(String namespace, String name);

    /** See {@link CoordinatorClient#cache()}. */
    AsyncCache cache();

    /** See {@link CoordinatorClient#cache(String)}. */
    AsyncCache cache(String namespace);

    /** See {@link CoordinatorClient#builds()}. */
    AsyncBuilds builds();

    /** See {@link CoordinatorClient#builds(String)}. */
    AsyncBuilds builds(String namespace);

    /** See {@link CoordinatorClient#ping()}. */
    CompletionStage<Duration> ping();

    /** See {@link CoordinatorClient#status()}. */
    CompletionStage<List<NodeStatus>> status();

    /** See {@link CoordinatorClient#stats()}. */
    CompletionStage<ClusterStats> stats();

    /** See {@link CoordinatorClient#transferLeadership()}. */
    CompletionStage<String> transferLeadership();

    /** See {@link CoordinatorClient#transferLeadership(String)}. */
    CompletionStage<String> transferLeadership(String toNode);
}
