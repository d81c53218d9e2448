package io.coordinator.client;

import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of a {@link CoordinatorClient}. Methods return at once. A stage fails with a
 * {@link CoordinatorException}, which its dependents see inside a {@link java.util.concurrent.CompletionException}.
 * Dependents run on the client's callback executor; one that is added after the stage has ended runs on the thread that
 * adds it. Cancelling {@code stage.toCompletableFuture()} also cancels a call that waits in the cluster.
 *
 * <p>Names are <a href="package-summary.html#names">names</a>. Methods that give handles throw
 * {@link ValidationException} at once for bad ones; every other failure comes by the stage.
 */
public interface AsyncCoordinatorClient extends AsyncData {
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
