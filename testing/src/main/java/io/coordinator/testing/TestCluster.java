package io.coordinator.testing;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ServerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cluster whose nodes run in this JVM: quick to start, and a debugger sees all of it. A killed node drops everything
 * at once.
 */
public final class TestCluster extends LocalCluster {
    private final Map<String, CoordinatorServer> servers = new ConcurrentHashMap<>();
    private final Map<String, WallClock> clocks = new ConcurrentHashMap<>();

    private TestCluster(ClusterOptions options) {
        super(options);
    }

    /** Starts a cluster and waits for a leader. */
    public static TestCluster start(ClusterOptions options) {
        TestCluster cluster = new TestCluster(options);
        try {
            cluster.nodes().forEach(cluster::start);
            cluster.awaitLeader();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** The running server of a node. */
    public CoordinatorServer server(String node) {
        return findServer(node).orElseThrow(() -> new IllegalStateException(node + " is down"));
    }

    /**
     * The wall clock of a node, also of one that is down. Only schedules and the dates that people are told depend on
     * it. {@link #repair} puts it right.
     */
    public WallClock clock(String node) {
        return clocks.computeIfAbsent(node, name -> new WallClock());
    }

    @Override
    public void repair() {
        clocks.values().forEach(WallClock::correct);
        super.repair();
    }

    @Override
    public void start(String node) {
        if (isUp(node)) {
            throw new IllegalStateException(node + " is up already");
        }
        ServerConfig.Builder config = ServerConfig.builder();
        layout().config(node).forEach(config::set);
        try {
            servers.put(
                    node,
                    CoordinatorServer.builder(config.build())
                            .wallClock(clock(node))
                            .start());
        } catch (StartupException e) {
            throw new IllegalStateException(node + " does not start", e);
        }
    }

    @Override
    public void kill(String node) {
        server(node).abort();
        servers.remove(node);
    }

    @Override
    public void stop(String node) {
        server(node).close();
        servers.remove(node);
    }

    @Override
    public Optional<NodeStatusReply> status(String node) {
        return findServer(node).map(CoordinatorServer::status);
    }

    @Override
    boolean isUp(String node) {
        return findServer(node).filter(server -> !server.terminated().isDone()).isPresent();
    }

    @Override
    void closeNodes() {
        servers.values().forEach(CoordinatorServer::abort);
        servers.clear();
    }

    private Optional<CoordinatorServer> findServer(String node) {
        return Optional.ofNullable(servers.get(node));
    }
}
