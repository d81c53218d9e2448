package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three etcd processes with their default settings. */
final class EtcdCluster extends LoopbackCluster {
    private final Path executable;
    private List<String> clientUrls = List.of();

    EtcdCluster(Workspace workspace, Path executable) {
        super(workspace, "etcd");
        this.executable = executable;
    }

    @Override
    void launch(Servers servers) throws IOException {
        List<List<String>> addresses = addresses(2);
        clientUrls = urls(addresses.get(0));
        List<String> peerUrls = urls(addresses.get(1));
        String cluster = IntStream.range(0, NODES.size())
                .mapToObj(i -> NODES.get(i) + "=" + peerUrls.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < NODES.size(); i++) {
            Path data = servers.directory().resolve(NODES.get(i));
            servers.start(NODES.get(i), command(NODES.get(i), data, clientUrls.get(i), peerUrls.get(i), cluster));
        }
    }

    private static List<String> urls(List<String> addresses) {
        return addresses.stream().map(address -> "http://" + address).toList();
    }

    private List<String> command(String node, Path data, String clientUrl, String peerUrl, String cluster) {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of("--name", node, "--data-dir", data.toString()));
        command.addAll(List.of("--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl));
        command.addAll(List.of("--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl));
        command.addAll(List.of("--initial-cluster", cluster, "--initial-cluster-state", "new"));
        command.addAll(List.of("--logger", "zap", "--log-level", "warn"));
        return command;
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        return EtcdDriver.connect(servers, clientUrls);
    }
}
