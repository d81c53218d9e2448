package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three etcd processes with their default settings. */
final class EtcdCluster implements SystemUnderTest {
    private static final int NODES = 3;

    private final Workspace workspace;
    private final Path executable;
    private List<String> clientUrls = List.of();
    private @Nullable Servers servers;

    EtcdCluster(Workspace workspace, Path executable) {
        this.workspace = workspace;
        this.executable = executable;
    }

    @Override
    public void start() throws IOException {
        Servers started = new Servers(workspace, "etcd");
        servers = started;
        List<String> urls = FreePorts.find(2 * NODES).stream()
                .map(port -> "http://127.0.0.1:" + port)
                .toList();
        clientUrls = urls.subList(0, NODES);
        List<String> peerUrls = urls.subList(NODES, 2 * NODES);
        String cluster = IntStream.range(0, NODES)
                .mapToObj(i -> node(i) + "=" + peerUrls.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < NODES; i++) {
            started.start(node(i), command(started.directory(), i, clientUrls.get(i), peerUrls.get(i), cluster));
        }
    }

    private List<String> command(Path directory, int i, String clientUrl, String peerUrl, String cluster) {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of("--name", node(i)));
        command.addAll(List.of("--data-dir", directory.resolve(node(i)).toString()));
        command.addAll(List.of("--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl));
        command.addAll(List.of("--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl));
        command.addAll(List.of("--initial-cluster", cluster, "--initial-cluster-state", "new"));
        command.addAll(List.of("--logger", "zap", "--log-level", "warn"));
        return command;
    }

    private static String node(int i) {
        return "n" + (i + 1);
    }

    @Override
    public Driver connect() throws Exception {
        return EtcdDriver.connect(clientUrls);
    }

    @Override
    public long serverCpuMicros() {
        return servers == null ? 0 : servers.cpuMicros();
    }

    @Override
    public void stop() {
        if (servers != null) {
            servers.stop();
        }
    }
}
