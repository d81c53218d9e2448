package io.coordinator.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The cluster: server processes on free loopback ports. */
final class DemoNodes {
    private final ChildJvm jvm;
    private final DemoDirectory directory;
    private final List<NodePlan> plans;
    private final List<Node> nodes = new ArrayList<>();

    private DemoNodes(ChildJvm jvm, DemoDirectory directory, List<NodePlan> plans) {
        this.jvm = jvm;
        this.directory = directory;
        this.plans = plans;
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
        DemoNodes nodes = new DemoNodes(jvm, directory, NodePlan.plan(count));
        for (NodePlan plan : nodes.plans) {
            nodes.nodes.add(nodes.start(plan));
        }
        return nodes;
    }

    private Node start(NodePlan plan) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(DemoNodeCommand.NAME, directory.path().toString()));
        arguments.addAll(plan.flags(directory));
        return new Node(plan.id(), plan.clientAddress(), jvm.server(plan.id(), arguments));
    }

    /** Starts those again that have ended, with the data that they had; returns their ids. */
    List<String> restartDead() throws IOException {
        List<String> restarted = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).process().isAlive()) {
                nodes.set(i, start(plans.get(i)));
                restarted.add(nodes.get(i).id());
            }
        }
        return restarted;
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
