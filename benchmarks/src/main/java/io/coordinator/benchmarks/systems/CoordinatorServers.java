package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.server.Main;
import io.coordinator.server.jvm.JvmOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three Coordinator nodes, with their default settings unless others are given. */
public final class CoordinatorServers extends LoopbackCluster {
    /** The name of the cluster. */
    public static final String NAME = "benchmark";

    /** The heap of each node, unless told otherwise. */
    public static final long HEAP_BYTES = JavaCommand.HEAP_BYTES;

    private final List<String> settings;
    private final long heapBytes;
    private String endpoints = "";
    private List<String> probes = List.of();

    /** A cluster that keeps its data there. */
    public CoordinatorServers(Workspace workspace) {
        this(workspace, List.of());
    }

    /**
     * A cluster with other settings.
     *
     * @param settings more arguments for each server
     */
    public CoordinatorServers(Workspace workspace, List<String> settings) {
        this(workspace, settings, HEAP_BYTES);
    }

    /**
     * A cluster with another heap.
     *
     * @param settings more arguments for each server
     * @param heapBytes of each node
     */
    public CoordinatorServers(Workspace workspace, List<String> settings, long heapBytes) {
        super(workspace, "coordinator");
        this.settings = List.copyOf(settings);
        this.heapBytes = heapBytes;
    }

    @Override
    void launch(Servers servers) throws IOException {
        List<List<String>> addresses = addresses(3);
        List<String> clients = addresses.get(0);
        List<String> peers = addresses.get(1);
        probes = addresses.get(2);
        endpoints = String.join(",", clients);
        String members = IntStream.range(0, NODES.size())
                .mapToObj(i -> NODES.get(i) + "=" + peers.get(i) + "/" + clients.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < NODES.size(); i++) {
            Path data = servers.directory().resolve(NODES.get(i));
            List<String> arguments = new ArrayList<>();
            arguments.addAll(List.of("--node", NODES.get(i), "--data-dir", data.toString()));
            arguments.addAll(List.of("--cluster", NAME, "--members", members));
            arguments.addAll(List.of("--client-bind", clients.get(i), "--peer-bind", peers.get(i)));
            arguments.addAll(List.of("--http-bind", probes.get(i)));
            arguments.addAll(settings);
            servers.start(NODES.get(i), JavaCommand.of(Main.class.getName(), heapBytes, jvmOptions(), arguments));
        }
    }

    /** As the launcher starts them: by processors and heap, and {@code JAVA_OPTS} last. */
    private List<String> jvmOptions() {
        List<String> usual = JvmOptions.ofServer(Runtime.getRuntime().availableProcessors(), heapBytes);
        String own = System.getenv("JAVA_OPTS");
        return JvmOptions.join(usual, JvmOptions.split(own == null ? "" : own));
    }

    /** Where clients reach it, once it has started. */
    public String endpoints() {
        return endpoints;
    }

    /** Where a node tells its figures, as {@code host:port}, once it has started. */
    public String httpAddress(String node) {
        return probes.get(NODES.indexOf(node));
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        return CoordinatorDriver.connect(servers, NAME, endpoints);
    }
}
