package io.coordinator.server.support;

import io.coordinator.protocol.Role;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.data.DirectoryLock;
import io.coordinator.server.event.ServerListener;
import io.coordinator.testing.ports.FreePorts;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The nodes of one cluster in this process, each with its own directory and ports. */
public final class TestNodes implements AutoCloseable {
    private final Path directory;
    private final List<ClusterMember> members;
    /** Where nodes are that came later, or moved, as only they themselves are configured. */
    private final Map<String, ClusterMember> alone = new LinkedHashMap<>();

    private final Map<String, CoordinatorServer> running = new LinkedHashMap<>();
    private final String peerToken = randomToken();
    private Consumer<ServerConfig.Builder> settings = builder -> {};

    public TestNodes(Path directory, int size) {
        this.directory = directory;
        this.members = new ArrayList<>();
        int[] ports = freePorts(2 * size);
        for (int i = 0; i < size; i++) {
            members.add(new ClusterMember(
                    "n" + (i + 1),
                    new HostPort("127.0.0.1", ports[2 * i]),
                    new HostPort("127.0.0.1", ports[2 * i + 1])));
        }
    }

    /** Changes the configuration of nodes started from now on. */
    public TestNodes with(Consumer<ServerConfig.Builder> more) {
        settings = settings.andThen(more);
        return this;
    }

    /** Gives every node another port for its peers, from its next start on. */
    public TestNodes movePeers() {
        int[] ports = freePorts(members.size());
        for (int i = 0; i < ports.length; i++) {
            ClusterMember old = members.get(i);
            members.set(i, new ClusterMember(old.node(), new HostPort("127.0.0.1", ports[i]), old.client()));
        }
        return this;
    }

    /** Gives one node other ports from its next start on; nobody else is told. A new name is a node to come. */
    public TestNodes place(String node) {
        int[] ports = freePorts(2);
        alone.put(
                node,
                new ClusterMember(node, new HostPort("127.0.0.1", ports[0]), new HostPort("127.0.0.1", ports[1])));
        return this;
    }

    private List<ClusterMember> membersFor(String node) {
        ClusterMember itself = alone.get(node);
        if (itself == null) {
            return List.copyOf(members);
        }
        List<ClusterMember> seen = new ArrayList<>(members);
        seen.removeIf(member -> member.node().equals(node));
        seen.add(itself);
        return List.copyOf(seen);
    }

    public TestNodes startAll() throws StartupException {
        for (ClusterMember member : members) {
            start(member.node());
        }
        return this;
    }

    public CoordinatorServer start(String node) throws StartupException {
        return start(node, ServerListener.NONE);
    }

    public CoordinatorServer start(String node, ServerListener listener) throws StartupException {
        CoordinatorServer server =
                CoordinatorServer.builder(config(node)).listener(listener).start();
        running.put(node, server);
        return server;
    }

    public ServerConfig config(String node) {
        ServerConfig.Builder builder = ServerConfig.builder()
                .set(Keys.NODE, node)
                .set(Keys.MEMBERS, membersFor(node))
                .set(Keys.DATA_DIR, data(node))
                .set(Keys.PEER_TOKEN, Optional.of(peerToken))
                .set(Keys.HTTP_BIND, new HostPort("127.0.0.1", 0));
        settings.accept(builder);
        return builder.build();
    }

    public Path data(String node) {
        return directory.resolve(node);
    }

    public CoordinatorServer node(String node) {
        CoordinatorServer server = running.get(node);
        if (server == null) {
            throw new IllegalArgumentException(node + " does not run");
        }
        return server;
    }

    public List<String> names() {
        return members.stream().map(ClusterMember::node).toList();
    }

    public Map<String, CoordinatorServer> running() {
        return running;
    }

    /** Waits for a leader that serves, and names it. */
    public String leader() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(this::findLeader, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> findLeader() {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().status().getServing()
                        && entry.getValue().status().getRole() == Role.LEADER)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    public String leaderAddress() {
        return node(leader()).clientAddress();
    }

    public void stop(String node) {
        CoordinatorServer server = node(node);
        running.remove(node);
        server.close();
    }

    /** A node that ended by itself; waits until it has closed all. */
    public void ended(String node) {
        running.remove(node);
        Awaitility.await().until(() -> {
            Optional<DirectoryLock> lock = DirectoryLock.tryLock(data(node));
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isPresent();
        });
    }

    public void kill(String node) {
        CoordinatorServer server = node(node);
        running.remove(node);
        server.abort();
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::kill);
    }

    public static String randomToken() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static int[] freePorts(int count) {
        return IntStream.generate(FreePorts::port).limit(count).toArray();
    }
}
