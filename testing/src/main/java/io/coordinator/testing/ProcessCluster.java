package io.coordinator.testing;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.Main;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster whose nodes are processes, which can be killed and paused. Their output is kept in files until the cluster
 * closes.
 */
public final class ProcessCluster extends LocalCluster {
    private static final int TAIL_LINES = 80;

    private final ClusterOptions options;
    private final Map<String, JavaProcess> processes = new TreeMap<>();
    private final Map<String, Launch> launches = new TreeMap<>();
    private final Set<String> paused = new TreeSet<>();
    private final NodeStatusClient statusClient;

    private ProcessCluster(ClusterOptions options) {
        super(options);
        this.options = options;
        this.statusClient = new NodeStatusClient(options.config().getOrDefault("auth-token", ""));
    }

    /** Starts a cluster and waits for a leader. */
    public static ProcessCluster start(ClusterOptions options) {
        ProcessCluster cluster = new ProcessCluster(options);
        try {
            cluster.nodes().forEach(cluster::start);
            cluster.awaitLeader();
            return cluster;
        } catch (RuntimeException | Error e) {
            e.addSuppressed(new AssertionError(cluster.output()));
            cluster.close();
            throw e;
        }
    }

    @Override
    public void start(String node) {
        if (isUp(node)) {
            throw new IllegalStateException(node + " is up already");
        }
        List<String> arguments = new ArrayList<>();
        layout().config(node).forEach((key, value) -> {
            arguments.add("--" + key);
            arguments.add(value);
        });
        Launch launch = launches.getOrDefault(node, options.launch());
        processes.put(node, JavaProcess.start(node, layout().output(node), launch, Main.class, arguments));
    }

    /** Starts a node in another way from its next start on: with other classes, for instance. */
    public void launch(String node, Launch launch) {
        launches.put(node, launch);
    }

    /** All that a node has printed in its life, over restarts. */
    public String output(String node) {
        try {
            return new String(Files.readAllBytes(layout().output(node)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the output of " + node, e);
        }
    }

    @Override
    public void kill(String node) {
        process(node).kill();
        processes.remove(node);
        paused.remove(node);
    }

    @Override
    public void stop(String node) {
        process(node).terminate();
        processes.remove(node);
    }

    /** Stops a node where it stands, with everything in its socket buffers. */
    public void pause(String node) {
        process(node).pause();
        paused.add(node);
    }

    /** Lets a paused node go on. */
    public void resume(String node) {
        process(node).resume();
        paused.remove(node);
    }

    /** Also lets paused nodes go on. */
    @Override
    public void repair() {
        alive().stream().filter(paused::contains).forEach(this::resume);
        super.repair();
    }

    /** The last lines of what each node printed, for a report of a failed test. */
    public String output() {
        StringBuilder output = new StringBuilder();
        processes.forEach((node, process) -> output.append("---- ")
                .append(process)
                .append(", last lines of ")
                .append(process.log())
                .append('\n')
                .append(process.tail(TAIL_LINES))
                .append('\n'));
        return output.toString();
    }

    @Override
    public Optional<NodeStatusReply> status(String node) {
        return isUp(node) && !paused.contains(node) ? statusClient.ask(clientAddress(node)) : Optional.empty();
    }

    @Override
    boolean isUp(String node) {
        JavaProcess process = processes.get(node);
        return process != null && process.isAlive();
    }

    @Override
    void closeNodes() {
        processes.values().forEach(JavaProcess::close);
        statusClient.close();
    }

    private JavaProcess process(String node) {
        JavaProcess process = processes.get(node);
        if (process == null) {
            throw new IllegalStateException(node + " is down");
        }
        return process;
    }
}
