package io.coordinator.client;

import io.coordinator.client.internal.ClientRuntime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * A connected client: one session with the cluster, kept alive and carried from leader to leader by the SDK. Safe for
 * use by many threads; a process needs one. Every blocking method has an asynchronous twin under {@link #async()}.
 *
 * <p><b>Calls.</b> Commands of one client apply in the order in which they were made, and a read sees the writes made
 * before it. A call in flight when a connection breaks is sent again under the same sequence number, so it applies at
 * most once; it fails only when its deadline passes ({@link RequestTimeoutException}), the session is lost
 * ({@link SessionExpiredException}) or the client is closed ({@link ClosedException}).
 *
 * <p><b>Interrupts.</b> A thread interrupted in a blocking call leaves it with {@link CoordinatorInterruptedException};
 * the call is cancelled in the cluster too, and the interrupt flag is set again.
 *
 * <p><b>Ends.</b> A call ends by its outcome, its deadline, the loss of its session or {@link #close()}, whichever comes first. Every
 * call made after {@code close()} fails with {@link ClosedException}; only what has ended with the client is still answered: a release
 * answers false, and closing something does nothing.
 *
 * <p><b>Threads.</b> User code never runs on a transport thread: listeners, stages' dependents and what reads values for them run on
 * {@link ClientConfig#callbackExecutor()}, functions of asynchronous calls on {@link ClientConfig#workExecutor()}. The client's own pools
 * grow with need, so that any number of callbacks may block, and may wait for calls and stages of the same client. The SDK's own threads
 * are daemons named {@code coord-<client name>-…}.
 *
 * <p><b>Failures of user code.</b> Whatever a listener, function, codec, serializer or executor throws, errors included, fails the call it
 * was for, or is logged if there is none, and stops nothing else. What (de)serializers throw comes in a {@link ValidationException}.
 *
 * <p><b>Arguments.</b> Names and namespaces are <a href="package-summary.html#names">names</a>; those that are empty or
 * have NUL or half of a surrogate pair are refused with {@link ValidationException} when a handle is made, longer ones
 * with {@link PayloadTooLargeException} by the first call on the handle. For times, sizes and numbers see
 * <a href="package-summary.html#arguments">the package</a>.
 */
public interface CoordinatorClient extends AutoCloseable {

    /**
     * Connects, and returns when a session is open on the leader (PM-CONN-1).
     *
     * @throws DisconnectedException if no node answered within {@link ClientConfig#requestTimeout()}
     * @throws NoLeaderException if nodes answered but none led a quorum in that time
     * @throws AuthenticationException if the credentials are refused; never retried
     * @throws MismatchException if the cluster has another name or protocol version
     * @throws PayloadTooLargeException if the name of the client or the cluster, or the auth token, is too long
     * @throws CoordinatorInterruptedException if the thread is interrupted
     */
    static CoordinatorClient connect(ClientConfig config) {
        return ClientRuntime.connect(config);
    }

    /** The same client with stages instead of blocking calls. */
    AsyncCoordinatorClient async();

    /** The lock of that name in the configured namespace. No round trip. */
    DistributedLock lock(String name);

    /** The lock of that name in another namespace. No round trip. */
    DistributedLock lock(String namespace, String name);

    /**
     * Locks of the configured namespace that are acquired together. Names that are null, empty or blank are dropped and
     * duplicates removed (DL-MULTI-1, DL-MULTI-3). No round trip.
     *
     * @param names what is left is 1 to 64 <a href="package-summary.html#names">names</a>; more are refused with
     *     {@link ValidationException} when the set is acquired
     * @throws ValidationException if no name is left: {@code at least 1 action must be supplied}
     */
    default MultiLock multiLock(String... names) {
        return multiLock(Arrays.asList(names));
    }

    /** See {@link #multiLock(String...)}. */
    MultiLock multiLock(Collection<String> names);

    /** As {@link #multiLock(String...)}, in another namespace. */
    MultiLock multiLock(String namespace, Collection<String> names);

    /** The lock of that name in the configured namespace, for readers and writers. No round trip. */
    DistributedReadWriteLock readWriteLock(String name);

    /** The lock of that name in another namespace, for readers and writers. No round trip. */
    DistributedReadWriteLock readWriteLock(String namespace, String name);

    /** The semaphore of that name in the configured namespace, of one permit unless it was resized. No round trip. */
    DistributedSemaphore semaphore(String name);

    /**
     * The semaphore of that name in the configured namespace. No round trip.
     *
     * @param permits how many it is created with, if nobody uses it yet and nobody has resized it; otherwise it keeps
     *     the number that it has. From 1 to {@link Integer#MAX_VALUE}
     * @throws ValidationException if it is less than 1
     */
    DistributedSemaphore semaphore(String name, int permits);

    /** As {@link #semaphore(String, int)}, in another namespace. */
    DistributedSemaphore semaphore(String namespace, String name, int permits);

    /** The election of that name in the configured namespace. No round trip. */
    LeaderElection election(String name);

    /** The election of that name in another namespace. No round trip. */
    LeaderElection election(String namespace, String name);

    /**
     * A value that is read and written under the lock of that name in the configured namespace (JC-LK-1). No round
     * trip.
     *
     * @param name at most 1,024 bytes as every <a href="package-summary.html#names">name</a>; the values are in a
     *     namespace of the cache named {@code .values/} and the configured one, which then has at most 1,016 bytes
     */
    <T> LockedValue<T> lockedValue(String name, Class<T> type);

    /** Jobs that run one after another under a key of the configured namespace. No round trip. */
    SerialQueue serial(String key);

    /**
     * A lock that refreshes itself, in the configured namespace. No round trip.
     *
     * @throws ValidationException if an option is bad; {@link ValidationException#errors()} names each (EL-ERR-1)
     */
    ExclusiveLock exclusiveLock(ExclusiveLockOptions options);

    /** Locks as a callback queue has them. No round trip. */
    CallbackQueue callbackQueue(CallbackQueueOptions options);

    /** All locks, for operators and diagnostics. */
    Locks locks();

    /** The documents of the configured namespace. No round trip. */
    Documents documents();

    /** The documents of another namespace. */
    Documents documents(String namespace);

    /** A transaction over keys and documents of the configured namespace, empty as yet. */
    Transaction transaction();

    /** A transaction over keys and documents of another namespace, empty as yet. */
    Transaction transaction(String namespace);

    /** The cache of the configured namespace. No round trip. */
    Cache cache();

    /** The cache of another namespace. No round trip. */
    Cache cache(String namespace);

    /** The builds of the configured namespace. No round trip. */
    Builds builds();

    /** The builds of another namespace. No round trip. */
    Builds builds(String namespace);

    /**
     * A cache whose values are built exactly once for all processes (JC-FAC-1). Close it when it is not used any more; the client stays open.
     */
    <K, V> ReadThroughCache<K, V> readThroughCache(ReadThroughOptions<K, V> options);

    /**
     * Watches a key, or all keys with a prefix. The subscription survives reconnects and loses nothing, unless the
     * listener hears {@link WatchListener#onCompacted}. Returns at once; {@link Subscription#started()} tells when the
     * cluster has confirmed it, or fails if it refuses it: with {@link ThrottledException} beyond the cluster's number
     * of watches (16,384 of one session, unless configured otherwise), or {@link PayloadTooLargeException} for a long
     * name.
     *
     * @throws ClosedException if the client is closed
     */
    Subscription watch(WatchOptions options, WatchListener listener);

    /**
     * Changes for subscribers that say how many they want (reactive streams). Each subscriber has a watch of its own, and hears
     * every change once and in order; what it does not want yet waits in the cluster. Ends with {@link CompactedException} if a
     * subscriber is so slow that the cluster no longer keeps what it missed. Subscribers run on the callback executor; one that throws
     * has cancelled, which is logged. One that requests less than 1 is ended with {@link ValidationException}.
     */
    Flow.Publisher<ChangeEvent> changes(WatchOptions options);

    /** Adds a listener to changes of the connection's state; it runs on an executor of its own, never concurrently. */
    Registration addConnectionListener(ConnectionListener listener);

    /** The state of the session as this client knows it. */
    ConnectionState state();

    /** The id of the current session; 0 between the loss of one and the opening of the next. */
    long sessionId();

    /**
     * Makes a linearizable round trip that changes nothing (PM-CONN-15).
     *
     * @return how long it took, in nanoseconds as this host measures them; never negative
     * @throws RequestTimeoutException if no leader answered in time
     */
    Duration ping();

    /**
     * Asks every known node how it sees itself and the cluster. A node that does not answer is reported as unreachable,
     * not by an exception; works without a leader.
     *
     * @return one status for each endpoint
     */
    List<NodeStatus> status();

    /**
     * Counts over the replicated state.
     *
     * @throws RequestTimeoutException if no leader answered in time
     */
    ClusterStats stats();

    /**
     * Asks the leader to hand over to any other member; sessions are kept.
     *
     * @return the id of the new leader
     * @throws ValidationException if there is no other member
     * @throws NoLeaderException if there is no leader to ask
     * @throws ThrottledException if leadership was handed over, or was to be, in the last 3 s, or that is under way; it
     *     says how long to wait
     * @throws ServerException if the transfer did not happen; the old leader goes on
     */
    String transferLeadership();

    /**
     * Asks the leader to hand over to one member; sessions are kept.
     *
     * @param toNode a node id as in {@link NodeStatus#node()}, at most 1,024 bytes; empty stands for any other member; the
     *     leader itself succeeds at once and changes nothing
     * @return the id of the new leader
     * @throws ValidationException if there is no such member; the message lists those there are
     * @throws NoLeaderException if there is no leader to ask
     * @throws ThrottledException as {@link #transferLeadership()}
     * @throws ServerException if the transfer did not happen; the old leader goes on
     */
    String transferLeadership(String toNode);

    /**
     * Closes the session, which frees at once all that it holds, then the connection. Calls in flight fail with
     * {@link ClosedException}. Waits at most a few seconds for the cluster's answer; without one the session ends with
     * its lease. Idempotent (PM-CONN-16). Stages that wait for a function of the user's, which may run on, fail as well.
     */
    @Override
    void close();
}
