package io.coordinator.client.lock;

import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.document.Documents;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobQueues;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.rpc.Rpc;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.Topics;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.Flow;

/**
 * Everything in one namespace. A client is the data of its own namespace, {@link #namespace(String)} gives that of
 * another one, and a function under a lock gets that of its lock's namespace. Its methods make handles; none of them
 * asks the cluster anything.
 *
 * <p><b>Guards.</b> Behind {@link #guardedBy} every write to cached values, documents, builds and queues of jobs, and
 * every transaction, is refused with {@link FencedException} once the grant is gone (PM-FENCE-4). Reads and watches are
 * not guarded. Locks, semaphores and elections are not guarded either; they have grants of their own. Nor are calls.
 *
 * <p><b>Arguments.</b> Names are <a href="../package-summary.html#names">names</a>. Those that are empty or have
 * NUL or half of a surrogate pair are refused with {@link ValidationException} when a handle is made, longer ones with
 * {@link PayloadTooLargeException} by the first call on the handle.
 */
public interface Data {
    /** The namespace of all handles made here. */
    String namespace();

    /** The same with stages instead of blocking calls. */
    AsyncData async();

    /** The data of another namespace, under the same guard. */
    Data namespace(String namespace);

    /**
     * The same data, written to only while a grant is live.
     *
     * @param guard names the grant, in whichever namespace its lock is
     */
    Data guardedBy(Guard guard);

    /** As {@link #guardedBy(Guard)}, with the {@linkplain LockHandle#guard() strict guard} of a lock that is held. */
    default Data guardedBy(LockHandle held) {
        return guardedBy(held.guard());
    }

    /** The lock of that name. */
    DistributedLock lock(String name);

    /**
     * Locks that are acquired together. Names that are null, empty or blank are dropped and duplicates removed
     * (DL-MULTI-1, DL-MULTI-3).
     *
     * @param names what is left is 1 to 64 names; more are refused with {@link ValidationException} when the set is
     *     acquired
     * @throws ValidationException if no name is left: {@code at least 1 action must be supplied}
     */
    default MultiLock multiLock(String... names) {
        return multiLock(Arrays.asList(names));
    }

    /** See {@link #multiLock(String...)}. */
    MultiLock multiLock(Collection<String> names);

    /** The lock of that name, for readers and writers. */
    DistributedReadWriteLock readWriteLock(String name);

    /** The semaphore of that name, of one permit unless it was resized. */
    default DistributedSemaphore semaphore(String name) {
        return semaphore(name, 1);
    }

    /**
     * The semaphore of that name.
     *
     * @param permits how many it is created with, if nobody uses it yet and nobody has resized it; otherwise it keeps
     *     the number that it has. From 1 to {@link Integer#MAX_VALUE}
     * @throws ValidationException if it is less than 1
     */
    DistributedSemaphore semaphore(String name, int permits);

    /** The election of that name. */
    LeaderElection election(String name);

    /**
     * A value that is read and written under the lock of that name (JC-LK-1). Behind {@link #guardedBy} it is written
     * only while both are held.
     *
     * @param name at most 1,024 bytes as every name; the values are in a namespace of the cache named {@code .values/}
     *     and this one, which then has at most 1,016 bytes
     */
    <T> LockedValue<T> lockedValue(String name, Class<T> type);

    /** All locks, for operators and diagnostics. */
    Locks locks();

    /** Cached values, counters and whatever else is kept under a key. */
    Cache cache();

    /** JSON documents. */
    Documents documents();

    /** Values that are built once for everybody. */
    Builds builds();

    /** Schedules, each of whose firings becomes a job. */
    Schedules schedules();

    /** Topics whose messages are kept in the log. */
    DurableTopics durableTopics();

    /** Messages to whoever listens now. Guards do not apply to them. */
    Topics topics();

    /** Calls of handlers in other processes; not guarded. */
    Rpc rpc();

    /** Queues of jobs. */
    JobQueues jobQueues();

    /** As {@link JobQueues#queue}. */
    default JobQueue jobs(String queue) {
        return jobQueues().queue(queue);
    }

    /**
     * Does the jobs of a queue from now on; as {@link JobQueue#work(JobHandler, WorkOptions)}. Not guarded.
     *
     * @param queue a <a href="../package-summary.html#names">name</a>
     * @param concurrency how many at a time, from 1 to 10,000
     */
    default JobWorker worker(String queue, JobHandler handler, int concurrency) {
        return jobs(queue).work(handler, WorkOptions.concurrency(concurrency));
    }

    /** A transaction over keys and documents, empty as yet. */
    Transaction transaction();

    /**
     * Watches a key, or all keys with a prefix. The subscription survives reconnects and loses nothing, unless the
     * listener hears {@link WatchListener#onCompacted}. Returns at once; {@link Subscription#started()} tells when the
     * cluster has confirmed it, or fails if it refuses it: with {@link ThrottledException} beyond the cluster's number
     * of watches (16,384 of one session, unless configured otherwise), or {@link PayloadTooLargeException} for a long
     * name.
     *
     * @param options what to watch; in this namespace, unless they name another
     * @throws ClosedException if the client is closed
     */
    Subscription watch(WatchOptions options, WatchListener listener);

    /**
     * Changes for subscribers that say how many they want (reactive streams). Each subscriber has a watch of its own,
     * and hears every change once and in order; what it does not want yet waits in the cluster. Ends with
     * {@link CompactedException} if a subscriber is so slow that the cluster no longer keeps what it missed.
     * Subscribers run on the callback executor. If one throws, that is logged and its subscription is cancelled. If one
     * requests less than 1, its subscription ends with {@link IllegalArgumentException}, by rule 3.9 of reactive
     * streams.
     *
     * @param options as for {@link #watch}
     */
    Flow.Publisher<ChangeEvent> changes(WatchOptions options);
}
