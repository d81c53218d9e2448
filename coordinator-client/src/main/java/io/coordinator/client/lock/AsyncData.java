package io.coordinator.client.lock;

import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.AsyncJobQueues;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.rpc.AsyncRpc;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.topic.AsyncDurableTopics;
import io.coordinator.client.topic.AsyncTopics;
import io.coordinator.client.transaction.Transaction;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * {@link Data} with stages instead of blocking calls. Methods that make handles throw at once for bad names; every
 * other failure comes by the stage. What already tells of itself as it happens has no other form: for {@link Data#watch
 * watches}, {@link Data#changes changes} and {@link Data#transaction transactions}, which have {@link
 * Transaction#commitAsync}, see {@link Data}.
 */
public interface AsyncData {
    /** See {@link Data#namespace()}. */
    String namespace();

    /** See {@link Data#namespace(String)}. */
    AsyncData namespace(String namespace);

    /** See {@link Data#guardedBy(Guard)}. */
    AsyncData guardedBy(Guard guard);

    /** See {@link Data#guardedBy(LockHandle)}. */
    default AsyncData guardedBy(LockHandle held) {
        return guardedBy(held.guard());
    }

    /** See {@link Data#lock}. */
    AsyncDistributedLock lock(String name);

    /** See {@link Data#multiLock(String...)}. */
    default AsyncMultiLock multiLock(String... names) {
        return multiLock(Arrays.asList(names));
    }

    /** See {@link Data#multiLock(Collection)}. */
    AsyncMultiLock multiLock(Collection<String> names);

    /** See {@link Data#readWriteLock}. */
    AsyncDistributedReadWriteLock readWriteLock(String name);

    /** See {@link Data#semaphore(String)}. */
    default AsyncDistributedSemaphore semaphore(String name) {
        return semaphore(name, 1);
    }

    /** See {@link Data#semaphore(String, int)}. */
    AsyncDistributedSemaphore semaphore(String name, int permits);

    /** See {@link Data#election}. */
    AsyncLeaderElection election(String name);

    /** See {@link Data#lockedValue}. */
    <T> AsyncLockedValue<T> lockedValue(String name, Class<T> type);

    /** See {@link Data#locks}. */
    AsyncLocks locks();

    /** See {@link Data#cache}. */
    AsyncCache cache();

    /** See {@link Data#documents}. */
    AsyncDocuments documents();

    /** See {@link Data#builds}. */
    AsyncBuilds builds();

    /** See {@link Data#schedules}. */
    AsyncSchedules schedules();

    /** See {@link Data#durableTopics}. */
    AsyncDurableTopics durableTopics();

    /** See {@link Data#topics}. */
    AsyncTopics topics();

    /** See {@link Data#rpc}. */
    AsyncRpc rpc();

    /** See {@link Data#jobQueues}. */
    AsyncJobQueues jobQueues();

    /** See {@link Data#jobs}. */
    default AsyncJobQueue jobs(String queue) {
        return jobQueues().queue(queue);
    }

    /** See {@link Data#worker}. */
    default CompletionStage<JobWorker> worker(String queue, JobHandler handler, int concurrency) {
        return jobs(queue).work(handler, WorkOptions.concurrency(concurrency));
    }
}
