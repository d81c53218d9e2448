package io.coordinator.testing;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.ServerBuilder;
import io.coordinator.server.StartupException;
import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole cluster in this JVM for tests and development (PM-CONN-2): one node, or three, with sockets, disks and Raft,
 * that start and end with it. It needs no test framework.
 *
 * <pre>{@code
 * try (EmbeddedCluster cluster = EmbeddedCluster.start()) {
 *     CoordinatorClient client = cluster.client();
 *     client.cache().put("greeting", "hello");
 * }
 * }</pre>
 *
 * <p>Ports are chosen, of loopback alone. Data is in a directory of its own that goes with the cluster, or in a given
 * one that stays: a later cluster on it has the same data, on other ports. To have nodes fail, use {@link TestCluster}.
 *
 * <p>Safe for use by many threads.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedCluster.class);
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LOOKS_A_TIMEOUT = 10;

    private final List<CoordinatorServer> servers = new ArrayList<>();
    private final List<CoordinatorClient> clients = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Path directory;
    private final boolean isTemporary;
    private final ScheduledExecutorService idle = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-embedded-idle");
        thread.setDaemon(true);
        return thread;
    });
    private boolean closing;
    private long idleSinceNanos = System.nanoTime();

    private EmbeddedCluster(Path directory, boolean isTemporary) {
        this.directory = directory;
        this.isTemporary = isTemporary;
    }

    /** One node with the server's defaults, and data that goes with it; returns when it serves. */
    public static EmbeddedCluster start() {
        return builder().start();
    }

    /** A cluster to be configured. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where its nodes serve clients, as {@link ClientConfig.Builder#endpoints(String)} takes it. */
    public String endpoints() {
        return String.join(
                ",", servers.stream().map(CoordinatorServer::clientAddress).toList());
    }

    /** Its nodes; each tells its status and its addresses. */
    public List<CoordinatorServer> nodes() {
        return List.copyOf(servers);
    }

    /** A new client with the SDK's defaults, which is closed with the cluster unless that has happened before. */
    public CoordinatorClient client() {
        return client(settings -> settings);
    }

    /**
     * A new client with settings of its own.
     *
     * @throws IllegalStateException if the cluster is closed
     */
    public CoordinatorClient client(UnaryOperator<ClientConfig.Builder> settings) {
        if (isClosing()) {
            throw new IllegalStateException("the cluster is closed; start another one");
        }
        CoordinatorClient client = CoordinatorClient.connect(
                settings.apply(ClientConfig.builder().endpoints(endpoints())).build());
        clients.add(client);
        if (isClosing()) {
            client.close();
        }
        return client;
    }

    /** Completes when it is closed, by {@link #close} or since it was idle for as long as it was told. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /**
     * Closes the clients that it has given, stops the nodes, and deletes the data unless its directory was given. A
     * call that comes later, or at the same time from another thread, does nothing but wait until that is done.
     */
    @Override
    public void close() {
        if (begin()) {
            try {
                clients.forEach(CoordinatorClient::close);
                servers.parallelStream().forEach(CoordinatorServer::closeWithCluster);
            } finally {
                if (isTemporary) {
                    DirectoryTrees.delete(directory);
                }
                closed.complete(null);
                idle.shutdown();
            }
        } else {
            closed.join();
        }
    }

    private synchronized boolean begin() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private void awaitLeader() {
        long deadline = System.nanoTime() + LEADER_PATIENCE.toNanos();
        while (servers.stream().map(CoordinatorServer::status).noneMatch(NodeStatusReply::getServing)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no node leads after " + LEADER_PATIENCE
                        + "; the log of this JVM says why, if this machine is not just too busy");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void watchIdle(Duration timeout) {
        long everyNanos = Math.max(POLL_NANOS, timeout.toNanos() / LOOKS_A_TIMEOUT);
        var unused =
                idle.scheduleWithFixedDelay(() -> closeIfIdle(timeout), everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }

    private void closeIfIdle(Duration timeout) {
        long now = System.nanoTime();
        // A session ends with its client, or when that was silent for its lease.
        boolean used =
                servers.stream().map(CoordinatorServer::status).anyMatch(status -> status.getSessionsAttached() > 0);
        if (used) {
            idleSinceNanos = now;
        } else if (now - idleSinceNanos >= timeout.toNanos()) {
            log.info("no client for {}; the embedded cluster closes", timeout);
            close();
        }
    }

    /** How a cluster is started. Not for several threads. */
    public static final class Builder {
        private int nodes = 1;
        private @Nullable Path directory;
        private Duration idleTimeout = Duration.ZERO;
        private final Map<String, String> config = new LinkedHashMap<>();

        private Builder() {}

        /**
         * How many nodes.
         *
         * @param count 1 or 3
         */
        public Builder nodes(int count) {
            if (count != 1 && count != 3) {
                throw new IllegalArgumentException("an embedded cluster has 1 or 3 nodes, not " + count);
            }
            nodes = count;
            return this;
        }

        /** Where the data is, in a directory for each node; it stays when the cluster closes. */
        public Builder directory(Path dataDirectory) {
            directory = Objects.requireNonNull(dataDirectory, "dataDirectory");
            return this;
        }

        /**
         * Closes the cluster when it has had no client for so long, also if none ever came (PM-CFG-3).
         *
         * @param timeout 0 for never, which is the default
         */
        public Builder idleTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("idleTimeout must not be negative, but is " + timeout);
            }
            idleTimeout = timeout;
            return this;
        }

        /** Sets a key of docs/configuration.md on all nodes. */
        public Builder config(String key, String value) {
            config.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Starts the nodes; returns when one of them leads and serves.
         *
         * @throws IllegalStateException if that fails: its message says why, as that of the {@link StartupException}
         *     that caused it, of a directory that another cluster uses for example. What had been started is closed
         *     again, and nothing is left in a directory of its own
         * @throws io.coordinator.server.config.ConfigException if a key is unknown or has a bad value
         */
        public EmbeddedCluster start() {
            EmbeddedCluster cluster =
                    new EmbeddedCluster(directory == null ? temporary() : directory, directory == null);
            boolean started = false;
            try {
                startNodes(cluster);
                cluster.awaitLeader();
                started = true;
            } catch (StartupException e) {
                throw new IllegalStateException("the cluster does not start: " + e.getMessage(), e);
            } finally {
                if (!started) {
                    cluster.close();
                }
            }
            if (!idleTimeout.isZero()) {
                cluster.idleSinceNanos = System.nanoTime();
                cluster.watchIdle(idleTimeout);
            }
            return cluster;
        }

        private void startNodes(EmbeddedCluster cluster) throws StartupException {
            List<String> members = new ArrayList<>();
            for (int i = 1; i <= nodes; i++) {
                members.add("n" + i + "=" + FreePorts.address() + "/" + FreePorts.address());
            }
            for (int i = 1; i <= nodes; i++) {
                ServerBuilder server = CoordinatorServer.builder()
                        .cluster("embedded")
                        .node("n" + i)
                        .members(String.join(",", members))
                        .dataDirectory(cluster.directory.resolve("n" + i))
                        .httpPort(0);
                config.forEach(server::set);
                cluster.servers.add(server.start());
            }
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("coordinator-embedded-");
            } catch (IOException e) {
                throw new UncheckedIOException("no temporary directory", e);
            }
        }
    }
}
