package io.coordinator.testing;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.LocalNodes;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.SessionCommand;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;

/**
 * A whole cluster in the memory of this process, for unit tests of code that uses a {@link CoordinatorClient}.
 *
 * <pre>{@code
 * try (InMemoryCluster cluster = InMemoryCluster.start()) {
 *     CoordinatorClient client = cluster.connect();
 *     client.cache().put("greeting", "hello", PutOptions.ttl(Duration.ofMinutes(5)));
 *     cluster.advance(Duration.ofMinutes(5));
 *     assertThat(client.cache().get("greeting")).isEmpty();
 * }
 * }</pre>
 *
 * <p><b>What is real.</b> The client is the one that production has, and so is what the server does with its
 * commands, sessions, reads, events and watches: everything in the client's API works, and whatever is refused in
 * production is refused here, in the same words. Only what is between and below is left out: there are no sockets,
 * no disk, no Raft and no other members. What a fault of these does to an application is for a {@link TestCluster}
 * to show.
 *
 * <p><b>Cost.</b> It starts in 2 ms, and 5 ms later a client has connected and written something; the first of a
 * JVM, which loads the classes, takes about a second (medians on two cores of a busy server). So each test can have
 * its own; {@link InMemoryClusterExtension} gives it one. It has seven daemon threads, and each client those that it
 * always has.
 *
 * <p><b>Time.</b> Cluster time, by which everything with a ttl, a deadline or a wait ends, goes on as the clock
 * does, and {@link #advance} adds to it. Two things are counted by real time alone: the leases of sessions, which
 * end by {@link #expireSession}, and the deadlines of single calls ({@link ClientConfig#requestTimeout()}), which
 * are the client's own.
 *
 * <p>Safe for use by many threads. A method that waits throws
 * {@link io.coordinator.client.error.CoordinatorInterruptedException} if its thread is interrupted meanwhile.
 */
public final class InMemoryCluster implements AutoCloseable {
    /** The name of every such cluster: a client that is told to expect another one is refused. */
    public static final String NAME = "in-memory";

    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Duration CALLBACK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration RECONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration BACKOFF_MIN = Duration.ofMillis(5);
    private static final Duration BACKOFF_MAX = Duration.ofMillis(50);
    /** Nanoseconds, by which time is counted, have room for more than twice as much. */
    private static final Duration ADVANCE_MAX = Duration.ofDays(36_500);

    private final String endpoint;
    private final MemoryNode node;
    private final MemoryTime time;
    private final IdentityHashMap<CoordinatorClient, MemoryTransport> ways = new IdentityHashMap<>();
    private final Queue<CoordinatorClient> clients = new ConcurrentLinkedQueue<>();
    /** Read by who connects: without a node to connect to, that would go on in vain for long. */
    private final ReadWriteLock closing = new ReentrantReadWriteLock();

    private final AtomicInteger clientNumber = new AtomicInteger();
    private Duration advanced = Duration.ZERO;
    private volatile boolean closed;

    private InMemoryCluster() {
        // No name service knows this domain.
        endpoint = "memory-" + STARTED.incrementAndGet() + ".invalid:1";
        node = new MemoryNode(NAME, endpoint);
        time = new MemoryTime(node, CALLBACK_PATIENCE);
        LocalNodes.add(endpoint, node);
    }

    /** Starts an empty cluster, which serves when this returns. */
    public static InMemoryCluster start() {
        return new InMemoryCluster();
    }

    /**
     * What code that makes its own client is to take for the addresses of the nodes, as {@link
     * ClientConfig.Builder#endpoints} has them: a client of this JVM that is made with it reaches this cluster.
     * Close such clients before the cluster: it cannot do that, and they would go on looking for it.
     *
     * @return never empty; it means nothing outside this JVM, and nothing once the cluster is closed
     */
    public String endpoints() {
        return endpoint;
    }

    /**
     * A new client with the default settings, but shorter pauses between attempts to reconnect. It has a session of
     * its own, as a client of another process would. It is closed with the cluster at the latest.
     *
     * @throws IllegalStateException if the cluster is closed
     */
    public CoordinatorClient connect() {
        return connect(settings -> settings);
    }

    /**
     * As {@link #connect()}, with other settings.
     *
     * @param settings gets a builder with those of {@link #connect()} and returns the one to use; it must leave the
     *     endpoints as they are
     * @throws IllegalStateException if the cluster is closed
     * @throws IllegalArgumentException if there are other endpoints in the settings
     * @throws io.coordinator.client.error.ValidationException if a setting is bad
     */
    public CoordinatorClient connect(UnaryOperator<ClientConfig.Builder> settings) {
        requireOpen();
        ClientConfig config = settings.apply(ClientConfig.builder()
                        .endpoints(endpoint)
                        .clientName("client-" + clientNumber.incrementAndGet())
                        .connectionBackoff(BACKOFF_MIN, BACKOFF_MAX))
                .build();
        if (!config.endpoints().equals(List.of(endpoint))) {
            throw new IllegalArgumentException("the settings lead to " + config.endpoints()
                    + ", which is not this cluster; leave the endpoints as they are, or use CoordinatorClient.connect");
        }
        Lock connecting = closing.readLock();
        connecting.lock();
        try {
            requireOpen();
            CoordinatorClient client = CoordinatorClient.connect(config);
            clients.add(client);
            wayBySession(client);
            return client;
        } finally {
            connecting.unlock();
        }
    }

    /**
     * Lets time pass for the cluster, and returns when everything that is due by then has ended and all was told:
     * waiters have what they waited for or know that they do not get it, watches and listeners have been called and
     * have returned. Things end in the order in which they are due, each at its own time: the next in line for a
     * lock gets it when its holder's ttl passes, and keeps it for its own. That takes a millisecond or two for each
     * moment at which something ends, however far apart they are.
     *
     * <p>To a client it looks as if it had been paused for that time: what it would have renewed meanwhile ends,
     * such as a lock with a ttl. What has no ttl lives with its session and stays.
     *
     * <p>Callbacks run on threads of the client, as always. One that does not return, such as one that waits for the
     * test, or for the end of this very call, holds this up for 5 seconds, and then it goes on without it. Nor does
     * it wait for what a callback begins, for functions of builds, or for an executor of the test's own.
     *
     * @param duration more than 0; part of a millisecond counts as a whole one
     * @throws IllegalArgumentException if it is 0 or less, or 100 years (36,500 days) would be exceeded in all
     * @throws IllegalStateException if the cluster is closed
     */
    public void advance(Duration duration) {
        requireOpen();
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("time can only go on: advance takes more than 0, not " + duration);
        }
        synchronized (time) {
            Duration all = duration.compareTo(ADVANCE_MAX) > 0 ? duration : advanced.plus(duration);
            if (all.compareTo(ADVANCE_MAX) > 0) {
                throw new IllegalArgumentException("a cluster can be advanced by " + ADVANCE_MAX.toDays()
                        + " days in all, which " + duration + " would exceed; use less, or start another one");
            }
            advanced = all;
            time.advance(Times.millis(duration));
        }
    }

    /**
     * Ends the session of a client as the cluster does when its lease has passed: all that it holds is free, and
     * others who wait for it have it when this returns. A client that is connected has been told as well, and its
     * listeners have been called as {@link #advance} calls them; by default it goes on with a new session. One that
     * is disconnected learns of it when it is back.
     *
     * @param client of this cluster, whoever made it
     * @throws IllegalStateException if it has no session now, or the cluster is closed
     * @throws IllegalArgumentException if it is closed, or is no client of this cluster
     */
    public void expireSession(CoordinatorClient client) {
        requireOpen();
        MemoryTransport way = wayOf(client);
        long session = client.sessionId();
        if (session == 0) {
            throw new IllegalStateException(
                    "the client has no session now: it has lost one and not opened the next yet");
        }
        Command expire = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setExpire(ExpireSession.newBuilder().setSessionId(session)))
                .build();
        CompletableFuture<?> ended = node.propose(expire);
        time.await("the end of a session", ended::isDone);
        time.await("the end of its stream", () -> way.session() != session);
        time.settle();
    }

    /**
     * Cuts the client off: its stream breaks and no other gets through until {@link #reconnect}. Its session goes on
     * until its lease has passed in real time, or {@link #expireSession}. When this returns the client knows, and
     * its listeners have been called as {@link #advance} calls them. Cutting off twice is no different from once.
     *
     * @param client of this cluster, whoever made it
     * @throws IllegalStateException if the cluster is closed, or it is not known what the client's link is, since
     *     {@link #connect} has not made it and it has no session
     * @throws IllegalArgumentException if it is closed, or is no client of this cluster
     */
    public void disconnect(CoordinatorClient client) {
        requireOpen();
        wayOf(client).cut();
        time.settle();
    }

    /**
     * Mends what {@link #disconnect} has cut, and returns when the client is connected again: with its session, or
     * with a new one if that has ended.
     *
     * @param client of this cluster, whoever made it
     * @throws IllegalStateException if it does not come back within 10 s, or the cluster is closed
     * @throws IllegalArgumentException if it is closed, or is no client of this cluster
     */
    public void reconnect(CoordinatorClient client) {
        requireOpen();
        wayOf(client).mend();
        if (!MemoryTime.until(() -> isConnected(client), RECONNECT_PATIENCE)) {
            throw new IllegalStateException(
                    "the client is " + client.state() + " still, " + RECONNECT_PATIENCE.toSeconds()
                            + " s after it was reconnected; a client that must not replace a lost session does not"
                            + " come back");
        }
        time.settle();
    }

    private static boolean isConnected(CoordinatorClient client) {
        ConnectionState state = client.state();
        return state == ConnectionState.CONNECTED || state == ConnectionState.RECONNECTED;
    }

    /** The way of a client that is not closed: as it was found before, or by its session. */
    private MemoryTransport wayOf(CoordinatorClient client) {
        if (client.state() == ConnectionState.CLOSED) {
            throw new IllegalArgumentException("the client is closed; connect another one");
        }
        synchronized (ways) {
            MemoryTransport known = ways.get(client);
            if (known != null) {
                return known;
            }
        }
        // Sessions of other clusters can have the same number.
        if (client.status().stream().noneMatch(status -> status.endpoint().equals(endpoint))) {
            throw new IllegalArgumentException("the client is one of another cluster");
        }
        return wayBySession(client);
    }

    private MemoryTransport wayBySession(CoordinatorClient client) {
        long session = client.sessionId();
        MemoryTransport found = node.transports().stream()
                .filter(way -> session != 0 && way.session() == session)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the client has no session now, by which its link could be known; wait until it has one"));
        synchronized (ways) {
            ways.put(client, found);
        }
        return found;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this in-memory cluster is closed; start another one");
        }
    }

    /** Closes the clients that {@link #connect} has made, then the cluster; all that it held is gone. Idempotent. */
    @Override
    public void close() {
        Lock alone = closing.writeLock();
        alone.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            alone.unlock();
        }
        LocalNodes.remove(endpoint);
        // A client that is cut off would wait for a while to say goodbye.
        node.transports().forEach(MemoryTransport::mend);
        clients.forEach(CoordinatorClient::close);
        node.close();
    }
}
