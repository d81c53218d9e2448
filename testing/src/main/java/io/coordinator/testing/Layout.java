package io.coordinator.testing;

import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names, addresses and directories of a cluster's nodes; fixed for its life. */
final class Layout {
    private static final Logger log = LoggerFactory.getLogger(Layout.class);

    /** A system property: when true, the nodes' directories and output stay after the cluster. */
    private static final String KEEP = "coordinator.testing.keep";

    /** Where one node is. */
    private record Place(String peer, String client, String http, Path directory) {}

    private final ClusterOptions options;
    private final Path directory;
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, Map<String, String>> ofOneNode = new ConcurrentHashMap<>();
    private final PeerNetwork network;
    private final String peerToken = UUID.randomUUID().toString();

    Layout(ClusterOptions options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("coordinator-test-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory", e);
        }
        for (int i = 1; i <= options.nodes(); i++) {
            String node = "n" + i;
            places.put(
                    node,
                    new Place(FreePorts.address(), FreePorts.address(), FreePorts.address(), directory.resolve(node)));
        }
        network = new PeerNetwork(nodes(), node -> place(node).peer());
    }

    List<String> nodes() {
        return IntStream.rangeClosed(1, options.nodes()).mapToObj(i -> "n" + i).toList();
    }

    PeerNetwork network() {
        return network;
    }

    String clientAddress(String node) {
        return place(node).client();
    }

    Map<String, String> clientAddresses() {
        return nodes().stream().collect(Collectors.toMap(node -> node, this::clientAddress));
    }

    String httpAddress(String node) {
        return place(node).http();
    }

    Path data(String node) {
        return place(node).directory();
    }

    Path output(String node) {
        return directory.resolve(node + ".log");
    }

    /** The configuration of a node: the others' peer addresses are its links. */
    Map<String, String> config(String node) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("node", node);
        config.put("cluster", options.cluster());
        config.put("members", members(node));
        config.put("data-dir", data(node).toString());
        config.put("http-bind", httpAddress(node));
        config.put("peer-token", peerToken);
        config.putAll(options.config());
        config.putAll(ofOneNode.getOrDefault(node, Map.of()));
        return config;
    }

    /** Sets a key for one node. */
    void configure(String node, String key, String value) {
        place(node);
        ofOneNode.computeIfAbsent(node, name -> new ConcurrentHashMap<>()).put(key, value);
    }

    private String members(String self) {
        List<String> members = new ArrayList<>();
        for (String node : nodes()) {
            String peer = node.equals(self) ? place(node).peer() : network.address(self, node);
            members.add(node + "=" + peer + "/" + clientAddress(node));
        }
        return String.join(",", members);
    }

    void wipe(String node) {
        DirectoryTrees.delete(data(node));
    }

    void close() {
        network.close();
        if (Boolean.getBoolean(KEEP)) {
            log.info("kept {}", directory);
        } else {
            DirectoryTrees.delete(directory);
        }
    }

    private Place place(String node) {
        Place place = places.get(node);
        if (place == null) {
            throw new IllegalArgumentException("no node " + node + " among " + places.keySet());
        }
        return place;
    }
}
