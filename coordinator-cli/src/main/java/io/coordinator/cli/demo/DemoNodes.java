package io.coordinator.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The cluster: server processes on free loopback ports. */
final class DemoNodes {
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

    /** Starts servers; they find each other and elect a leader on their own. */
    static DemoNodes start(int count, ChildJvm jvm, DemoDirectory directory) throws IOException {
        List<Node> nodes = new ArrayList<>();
        for (NodePlan plan : NodePlan.plan(count)) {
            List<String> arguments = new ArrayList<>(
                    List.of(DemoNodeCommand.NAME, directory.path().toString()));
            arguments.addAll(plan.flags(directory));
            nodes.add(new Node(plan.id(), plan.clientAddress(), jvm.server(plan.id(), arguments)));
        }
        return new DemoNodes(nodes);
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
