package io.coordinator.client;

import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of a {@link CoordinatorClient}. Methods return at once. A stage fails with a
 * {@link CoordinatorException} (seen by dependents inside a {@link java.util.concurrent.CompletionException}); its
 * dependents run on the client's callback executor, except those added after the stage has ended. Cancelling {@code stage.toCompletableFuture()} cancels the call in
 * the cluster too, where it waits there.
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

    /** See {@link CoordinatorClient#sessions(long, int)}. */
    CompletionStage<SessionPage> sessions(long after, int limit);

    /** See {@link CoordinatorClient#transferLeadership()}. */
    CompletionStage<String> transferLeadership();

    /** See {@link CoordinatorClient#transferLeadership(String)}. */
    CompletionStage<String> transferLeadership(String toNode);
}
