package io.coordinator.testing;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.NodeStatusReply;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A cluster on this machine, with real sockets and real disks, whose nodes and links a test can break. Verbs return
 * when what they say has happened; {@code await…} verbs wait for what the cluster does by itself, and fail with the
 * state that they saw instead.
 *
 * <p>Nodes are called {@code n1}, {@code n2}, … Not thread-safe, except for reading: one test drives it.
 */
public interface Cluster extends AutoCloseable {

    /** The ids of all nodes, alive or not. */
    List<String> nodes();

    /** The ids of the nodes that have been started and not killed. */
    List<String> alive();

    /** The client address of a node, as {@code host:port}; it stays the same over restarts. */
    String clientAddress(String node);

    /** The client addresses of all nodes, as {@link ClientConfig.Builder#endpoints(String)} takes them. */
    String endpoints();

    /** The HTTP address of a node, as {@code host:port}. */
    String httpAddress(String node);

    /** Where a node keeps its data. */
    Path dataDirectory(String node);

    /** How a node sees itself; empty if it is dead or does not answer. */
    Optional<NodeStatusReply> status(String node);

    /** The node that serves clients, if exactly one says so in the latest term. */
    Optional<String> leader();

    /** Waits until a node serves clients. */
    String awaitLeader();

    /** Waits until a node other than {@code old} serves clients. */
    String awaitLeaderOtherThan(String old);

    /** The live nodes besides the leader, which is waited for. */
    List<String> followers();

    /** Waits until all live nodes have applied the same entries, and fails if their states differ. */
    void awaitEqualDigests();

    /** Sets a key in the configuration of one node, from its next start on. */
    void configure(String node, String key, String value);

    /** Starts a node that is down. */
    void start(String node);

    /** Ends a node without a goodbye, as a crash does. */
    void kill(String node);

    /** Ends a node gracefully: it hands over leadership first. */
    void stop(String node);

    /** Kills a node if it is up, and starts it. */
    void restart(String node);

    /** Removes the data of a node that is down, as the loss of its disk does. */
    void wipe(String node);

    /** The links between the nodes. */
    PeerNetwork peers();

    /** Heals every link between nodes, starts every node that is down, and waits for a leader. */
    void repair();

    /** A new client with a short session lease; closed with the cluster at the latest. */
    CoordinatorClient client();

    /** A new client; {@code settings} changes the defaults of {@link #client()}. */
    CoordinatorClient client(UnaryOperator<ClientConfig.Builder> settings);

    /** A new client that reaches the nodes through links of its own. */
    CoordinatorClient client(ClientLinks links, UnaryOperator<ClientConfig.Builder> settings);

    /** New links for one client, or for some that share their fate; closed with the cluster. */
    ClientLinks clientLinks(String name);

    /** Closes the clients and the links made so far. */
    void closeClients();

    /** Closes clients, kills nodes, removes their data. */
    @Override
    void close();
}
