package io.coordinator.server;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.event.ServerListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node of a cluster, in a process of its own or in any other program: {@link #builder} starts one. Any
 * thread may call its methods.
 */
public final class CoordinatorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);

    private final ServerConfig config;
    private final LeaseRuleFactory leaseRule;
    private final LongSupplier wallClock;
    private final List<ServerListener> listeners;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    /** Held while the node is replaced by one that is somebody else, and while it ends. */
    private final Object changing = new Object();

    private volatile @Nullable Node running;

    private CoordinatorServer(
            ServerConfig config, LeaseRuleFactory leaseRule, LongSupplier wallClock, List<ServerListener> listeners) {
        this.config = config;
        this.leaseRule = leaseRule;
        this.wallClock = wallClock;
        this.listeners = listeners;
        var unused = terminated.whenComplete((done, failure) -> {
            if (failure != null) {
                // On a thread of its own: the log reports its failure from threads that closing it would wait for.
                new Thread(this::abort, "coordinator-abort").start();
            }
        });
    }

    /** A node to be configured and started by a program; see {@link ServerBuilder}. */
    public static ServerBuilder builder() {
        return new ServerBuilder(ServerConfig.builder());
    }

    /** A node that is configured already, by files and flags for example; what is set next changes that. */
    public static ServerBuilder builder(ServerConfig config) {
        return new ServerBuilder(config.toBuilder());
    }

    /**
     * Starts a node that only its configuration describes: {@code builder(config).start()}.
     *
     * @throws StartupException as {@link ServerBuilder#start} says
     */
    public static CoordinatorServer start(ServerConfig config) throws StartupException {
        return builder(config).start();
    }

    static CoordinatorServer start(
            ServerConfig config, LeaseRuleFactory leaseRule, LongSupplier wallClock, List<ServerListener> listeners)
            throws StartupException {
        CoordinatorServer server = new CoordinatorServer(config, leaseRule, wallClock, listeners);
        synchronized (server.changing) {
            server.running = server.assemble();
        }
        return server;
    }

    private Node assemble() throws StartupException {
        Node node = new NodeAssembly(config, leaseRule, wallClock, listeners, this::startAgain, this::fail).start();
        var unused = node.control()
                .stopAsked()
                .thenAccept(handOver -> new Thread(() -> stop(handOver), "coordinator-stop").start());
        return node;
    }

    /** The log has let this node in under another name than it has in its Raft group by now. */
    private void startAgain() {
        new Thread(
                        () -> {
                            synchronized (changing) {
                                if (!ended.get()) {
                                    replace();
                                }
                            }
                        },
                        "coordinator-rejoin")
                .start();
    }

    private void replace() {
        Node old = node();
        old.stop();
        old.listener().abort();
        old.closeAll();
        try {
            running = assemble();
        } catch (StartupException e) {
            fail(e);
        }
    }

    private Node node() {
        Node current = running;
        if (current == null) {
            throw new IllegalStateException("the node has not started");
        }
        return current;
    }

    private void fail(Throwable failure) {
        if (terminated.completeExceptionally(failure)) {
            LOG.error("fatal: this node stops, so that a supervisor can restart it", failure);
        }
    }

    /** Where clients connect, as host:port. */
    public String clientAddress() {
        return node().listener().address().toString();
    }

    /** Where the other nodes connect, as host:port. */
    public String peerAddress() {
        return node().config().self().peer().toString();
    }

    /** Where probes and metrics are served, as host:port. */
    public String httpAddress() {
        return node().http().address().toString();
    }

    public NodeStatusReply status() {
        return node().reporter().report();
    }

    /**
     * Hands leadership over, if this node has it. Not bound to the pause that clients must keep between hand-overs.
     *
     * @param toNode empty chooses any other member; this node itself does nothing
     * @throws IllegalStateException if this node does not lead, there is no such member, a hand-over is under way, or
     *     the other did not take over in time
     */
    public void transferLeadership(Optional<String> toNode, Duration timeout) {
        try {
            node().handovers().handOver(toNode, timeout).get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("leadership was not handed over: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    /** Completes when this node has stopped; exceptionally if it had to, because its log or state broke. */
    public CompletableFuture<Void> terminated() {
        return terminated.copy();
    }

    /**
     * Stops gracefully, and returns when it has: opens no more sessions; hands leadership over, if it leads, to the
     * first member that takes it; tells clients where to go; takes a last snapshot. Takes some tens of milliseconds and
     * the time of a snapshot, up to 2 s more for each member that does not take leadership, and, if the disk or a
     * thread hangs, 10 s. A second call does nothing, also while the first is at work: wait for {@link #terminated}.
     * Clients lose nothing, unless it was the last of the majority: then they wait for the others.
     */
    @Override
    public void close() {
        stop(true);
    }

    /** As {@link #close}, but leadership is not handed over: for a cluster that ends as a whole. */
    public void closeWithCluster() {
        stop(false);
    }

    private void stop(boolean handOver) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        synchronized (changing) {
            leave(node(), handOver);
        }
        terminated.complete(null);
    }

    private static void leave(Node node, boolean handOver) {
        node.stop();
        if (handOver) {
            node.drain();
        }
        node.leave();
        node.closeAll();
    }

    /** Drops everything at once: no word to clients, no hand-over, no snapshot. For tests, and for a broken node. */
    public void abort() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        synchronized (changing) {
            Node node = node();
            node.stop();
            node.listener().abort();
            node.closeAll();
        }
        terminated.complete(null);
    }
}
