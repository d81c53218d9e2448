package io.coordinator.client;

import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.error.AuthenticationException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.Data;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A connected client: one session with the cluster, kept alive and carried from leader to leader by the SDK. Safe for
 * use by many threads; a process needs one. Every method that waits has an asynchronous twin under {@link #async()}.
 *
 * <p><b>Data.</b> The client itself gives the {@link Data} of its {@linkplain ClientConfig#namespace() configured
 * namespace}. {@link #namespace(String)} gives that of another one.
 *
 * <p><b>Calls.</b> Commands of one client apply in the order in which they were made, and a read sees the writes made
 * before it. If the connection breaks while a call waits for its answer, the call is sent again under the same sequence
 * number, so it applies at most once. It fails only when its deadline passes ({@link RequestTimeoutException}), the
 * session is lost ({@link SessionExpiredException}) or the client is closed ({@link ClosedException}).
 *
 * <p><b>Interrupts.</b> A thread interrupted in a blocking call leaves it with {@link CoordinatorInterruptedException};
 * the call is cancelled in the cluster too, and the interrupt flag is set again.
 *
 * <p><b>Ends.</b> A call ends by its outcome, its deadline, the loss of its session or {@link #close()}, whichever
 * comes first. Every call made after {@code close()} fails with {@link ClosedException}. There are two exceptions,
 * since what they end has ended with the client: a release returns false, and closing a handle does nothing.
 *
 * <p><b>Threads.</b> User code never runs on a transport thread. Listeners, whatever depends on a stage, and the code
 * that reads values run on {@link ClientConfig#callbackExecutor()}; functions of asynchronous calls run on
 * {@link ClientConfig#workExecutor()}. The client's own pools grow as needed, so any number of callbacks may block, and
 * may wait for calls and stages of the same client. The SDK's own threads are daemons named
 * {@code coord-<client name>-…}.
 *
 * <p><b>Failures of user code.</b> If a listener, function, codec, serializer or executor throws, whatever it throws,
 * the call that it served fails. If it served no call, the throwable is logged. Nothing else stops. What
 * (de)serializers throw comes in a {@link ValidationException}.
 *
 * <p><b>Arguments.</b> See <a href="package-summary.html#arguments">the package</a>.
 */
public interface CoordinatorClient extends Data, AutoCloseable {

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
    @Override
    AsyncCoordinatorClient async();

    /**
     * A cache whose values are built exactly once for all processes (JC-FAC-1). Close it when it is not used any more;
     * the client stays open.
     */
    <K, V> ReadThroughCache<K, V> readThroughCache(ReadThroughOptions<K, V> options);

    /**
     * Adds a listener for changes of the connection's state. Listeners run on a thread of their own, one call at a
     * time.
     */
    Registration addConnectionListener(ConnectionListener listener);

    /**
     * Runs this client's callbacks: that of {@link ClientConfig#callbackExecutor()}, or the client's own. For code that
     * is built on
     * a client and tells its own listeners. It takes every task and throws nothing, also after {@link #close()}; what a
     * task throws
     * is logged.
     */
    Executor callbackExecutor();

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
     * Lists the open sessions of all clients, in the order in which they were opened: whose they are, and since when.
     *
     * @param after continue after this session, the last one of the page before; 0 for the first page
     * @param limit at most so many; at least 1; a page has 100 at most, and about 1 MiB
     * @throws ValidationException if the limit is less than 1, or {@code after} is negative
     * @throws RequestTimeoutException if no leader answered in time
     */
    SessionPage sessions(long after, int limit);

    /** Who is in the cluster, changes of that, and the trail of them. */
    ClusterMembers members();

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
     * @param toNode a node id as in {@link NodeStatus#node()}, at most 1,024 bytes; empty stands for any other member;
     *     the leader itself succeeds at once and changes nothing
     * @return the id of the new leader
     * @throws ValidationException if there is no such member; the message lists those there are
     * @throws NoLeaderException if there is no leader to ask
     * @throws ThrottledException as {@link #transferLeadership()}
     * @throws ServerException if the transfer did not happen; the old leader goes on
     */
    String transferLeadership(String toNode);

    /**
     * Closes the session, which at once frees everything that it holds, and then the connection. Calls in flight fail
     * with {@link ClosedException}. Waits at most a few seconds for the cluster's answer; without one the session ends
     * with its lease. Idempotent (PM-CONN-16). Stages that wait for a user's function fail as well, although the
     * function may go on running.
     */
    @Override
    void close();
}
