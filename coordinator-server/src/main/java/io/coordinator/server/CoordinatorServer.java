package io.coordinator.server;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.read.LogLease;
import java.time.Duration;
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

/** One running node of a cluster. */
public final class CoordinatorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);
    private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(3);

    private final ServerConfig config;
    private final LeaseRuleFactory leaseRule;
    private final LongSupplier wallClock;
    private final ServerListener listener;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    /** Held while the node is replaced by one that is somebody else, and while it ends. */
    private final Object changing = new Object();

    private volatile @Nullable Node running;

    private CoordinatorServer(
            ServerConfig config, LeaseRuleFactory leaseRule, LongSupplier wallClock, ServerListener listener) {
        this.config = config;
        this.leaseRule = leaseRule;
        this.wallClock = wallClock;
        this.listener = listener;
        var unused = terminated.whenComplete((done, failure) -> {
            if (failure != null) {
                // On a thread of its own: the log reports its failure from threads that closing it would wait for.
                new Thread(this::abort, "coordinator-abort").start();
            }
        });
    }

    /**
     * Starts a node; returns when its ports are bound and the log runs, whether or not a leader is known.
     *
     * @throws StartupException EPERSISTLOCKED, EMISMATCH, or EBROKER with what to do
     */
    public static CoordinatorServer start(ServerConfig config) throws StartupException {
        return start(config, ServerListener.NONE);
    }

    /** As {@link #start(ServerConfig)}, with somebody who hears what happens on the node. */
    public static CoordinatorServer start(ServerConfig config, ServerListener listener) throws StartupException {
        return start(config, LogLease::new, System::currentTimeMillis, listener);
    }

    /**
     * As {@link #start(ServerConfig)}, with another wall clock than this machine's. For tests of what wrong clocks do:
     * schedules fire by it, and dates are told by it; nothing else asks for it.
     *
     * @param wallClock milliseconds since 1970; any thread, must not block
     */
    public static CoordinatorServer start(ServerConfig config, LongSupplier wallClock) throws StartupException {
        return start(config, LogLease::new, wallClock, ServerListener.NONE);
    }

    static CoordinatorServer start(ServerConfig config, LeaseRuleFactory leaseRule) throws StartupException {
        return start(config, leaseRule, System::currentTimeMillis, ServerListener.NONE);
    }

    private static CoordinatorServer start(
            ServerConfig config, LeaseRuleFactory leaseRule, LongSupplier wallClock, ServerListener listener)
            throws StartupException {
        CoordinatorServer server = new CoordinatorServer(config, leaseRule, wallClock, listener);
        synchronized (server.changing) {
            server.running = server.assemble();
        }
        return server;
    }

    private Node assemble() throws StartupException {
        return new NodeAssembly(config, leaseRule, wallClock, listener, this::startAgain, this::fail).start();
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

    /** Stops gracefully: hands over, ends the streams, takes a last snapshot. */
    @Override
    public void close() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        synchronized (changing) {
            leave(node());
        }
        terminated.complete(null);
    }

    private void leave(Node node) {
        node.stop();
        if (node.log().status().role() == Role.LEADER
                && node.log().electorate().voters().size() > 1) {
            try {
                transferLeadership(Optional.empty(), TRANSFER_TIMEOUT);
            } catch (IllegalStateException e) {
                LOG.warn("stopping without a successor; the others will elect one", e);
            }
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
