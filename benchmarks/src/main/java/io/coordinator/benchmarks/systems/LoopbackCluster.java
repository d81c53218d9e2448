package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the clusters have in common: three server processes and how to be rid of them. */
abstract class LoopbackCluster implements SystemUnderTest {
    /** The nodes' names, in order. */
    static final List<String> NODES = List.of("n1", "n2", "n3");

    private final Workspace workspace;
    private final String name;
    private @Nullable Servers servers;

    LoopbackCluster(Workspace workspace, String name) {
        this.workspace = workspace;
        this.name = name;
    }

    @Override
    public final void start() throws IOException {
        Servers started = new Servers(workspace, name);
        servers = started;
        launch(started);
    }

    /** Starts a process for each node. */
    abstract void launch(Servers servers) throws IOException;

    @Override
    public final Driver connect() throws Exception {
        return connect(started());
    }

    /** Opens a client of these servers. */
    abstract Driver connect(Servers servers) throws Exception;

    @Override
    public final long serverCpuMicros() {
        return started().cpuMicros();
    }

    /** The process id of a node. */
    public final long pid(String node) {
        return started().pid(node);
    }

    /** Kills one node without a word. */
    public final void kill(String node) {
        started().kill(node);
    }

    /** Kills one node and starts it again with the data that it has. */
    public final void restart(String node) throws IOException {
        started().restart(node);
    }

    private Servers started() {
        return Objects.requireNonNull(servers, "start() comes first");
    }

    @Override
    public final void stop() {
        if (servers != null) {
            beforeStop(servers);
            servers.stop();
        }
    }

    /** Ends servers in another way than by killing them, which comes next. */
    void beforeStop(Servers servers) {}

    /**
     * Free loopback addresses, {@code count} for each node: all of the first kind, then all of the second, and so on.
     */
    static List<List<String>> addresses(int count) throws IOException {
        List<String> all = FreePorts.find(count * NODES.size()).stream()
                .map(port -> "127.0.0.1:" + port)
                .toList();
        return IntStream.range(0, count)
                .mapToObj(kind -> all.subList(kind * NODES.size(), (kind + 1) * NODES.size()))
                .toList();
    }
}
