package io.coordinator.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The cluster: server processes on free loopback ports. */
final class DemoNodes {
    private static final String LOOPBACK = "127.0.0.1:";
    private static final int PORTS_PER_NODE = 3;

    private final List<Node> nodes;

    private DemoNodes(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * One server.
     *
     * @param id its node id
     * @param clientAddress where it serves clients
     * @param process that runs it
     */
    record Node(String id, String clientAddress, Process process) {
        /** Waits for its end. */
        int exitCode() {
            return process.onExit().join().exitValue();
        }
    }

    private record Addresses(String id, String peer, String client, String http) {}

    /** Starts servers; they find each other and elect a leader on their own. */
    static DemoNodes start(int count, ChildJvm jvm, DemoDirectory directory) throws IOException {
        List<Integer> ports = FreePorts.find(count * PORTS_PER_NODE, new Random());
        List<Addresses> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int first = i * PORTS_PER_NODE;
            addresses.add(new Addresses(
                    "n" + (i + 1),
                    LOOPBACK + ports.get(first),
                    LOOPBACK + ports.get(first + 1),
                    LOOPBACK + ports.get(first + 2)));
        }
        String members = addresses.stream()
                .map(node -> node.id() + "=" + node.peer() + "/" + node.client())
                .collect(Collectors.joining(","));
        List<Node> nodes = new ArrayList<>();
        for (Addresses node : addresses) {
            Process process = jvm.server(node.id(), arguments(node, members, directory));
            nodes.add(new Node(node.id(), node.client(), process));
        }
        return new DemoNodes(nodes);
    }

    private static List<String> arguments(Addresses node, String members, DemoDirectory directory) {
        return List.of(
                DemoNodeCommand.NAME,
                directory.path().toString(),
                "--node=" + node.id(),
                "--cluster=demo",
                "--members=" + members,
                "--http-bind=" + node.http(),
                "--data-dir=" + directory.data(node.id()));
    }

    /** Client addresses, for a client's configuration. */
    String endpoints() {
        return nodes.stream().map(Node::clientAddress).collect(Collectors.joining(","));
    }

    List<Node> all() {
        return nodes;
    }

    /** The server with that id. */
    Node node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + id));
    }

    /** Calls the listener with the id and exit code of each server that ends. */
    void onEnd(BiConsumer<String, Integer> listener) {
        for (Node node : nodes) {
            Background.start(node.id() + "-end", () -> listener.accept(node.id(), node.exitCode()));
        }
    }
}
