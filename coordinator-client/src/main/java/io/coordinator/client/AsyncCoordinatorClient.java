package io.coordinator.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
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
public interface AsyncCoordinatorClient {
    /** See {@link CoordinatorClient#lock(String)}. */
    AsyncDistributedLock lock(String name);

    /** See {@link CoordinatorClient#lock(String, String)}. */
    AsyncDistributedLock lock(String namespace, String name);

    /** See {@link CoordinatorClient#multiLock(String...)}. */
    default AsyncMultiLock multiLock(String... names) {
        return multiLock(Arrays.asList(names));
    }

    /** See {@link CoordinatorClient#multiLock(Collection)}. */
    AsyncMultiLock multiLock(Collection<String> names);

    /** See {@link CoordinatorClient#multiLock(String, Collection)}. */
    AsyncMultiLock multiLock(String namespace, Collection<String> names);

    /** See {@link CoordinatorClient#readWriteLock(String)}. */
    AsyncDistributedReadWriteLock readWriteLock(String name);

    /** See {@link CoordinatorClient#readWriteLock(String, String)}. */
    AsyncDistributedReadWriteLock readWriteLock(String namespace, String name);

    /** See {@link CoordinatorClient#semaphore(String)}. */
    AsyncDistributedSemaphore semaphore(String name);

    /** See {@link CoordinatorClient#semaphore(String, int)}. */
    AsyncDistributedSemaphore semaphore(String name, int permits);

    /** See {@link CoordinatorClient#semaphore(String, String, int)}. */
    AsyncDistributedSemaphore semaphore(String namespace, String name, int permits);

    /** See {@link CoordinatorClient#election(String)}. */
    AsyncLeaderElection election(String name);

    /** See {@link CoordinatorClient#election(String, String)}. */
    AsyncLeaderElection election(String namespace, String name);

    /** See {@link CoordinatorClient#locks()}. */
    AsyncLocks locks();

    /** See {@link CoordinatorClient#documents()}. */
    AsyncDocuments documents();

    /** See {@link CoordinatorClient#documents(String)}. */
    AsyncDocuments documents(String namespace);

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
