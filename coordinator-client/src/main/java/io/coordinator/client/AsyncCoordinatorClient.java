package io.coordinator.client;

import io.coordinator.client.cluster.AsyncClusterMembers;
import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

    /** See {@link CoordinatorClient#sessions(long, int)}. */
    CompletionStage<SessionPage> sessions(long after, int limit);

    /** See {@link CoordinatorClient#members()}. */
    AsyncClusterMembers members();

    /** See {@link CoordinatorClient#transferLeadership()}. */
    CompletionStage<String> transferLeadership();

    /** See {@link CoordinatorClient#transferLeadership(String)}. */
    CompletionStage<String> transferLeadership(String toNode);

    /**
     * Runs a function on the client's {@linkplain ClientConfig#workExecutor() work executor}. For functions that may
     * take long,
     * where a stage is wanted of them: under an asynchronous lock, for example.
     *
     * @return fails with what the function threw, with {@link ThrottledException} if the executor did not take it, or
     *     with
     *     {@link ClosedException} if the client is closed before it has ended. Cancelling its future before the
     * function
     *     has begun withdraws it
     */
    <T extends @Nullable Object> CompletionStage<T> run(Callable<T> function);
}
