package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Three NATS servers with JetStream and otherwise their default settings. */
final class NatsCluster extends LoopbackCluster {
    private final Path executable;
    private List<String> clients = List.of();

    NatsCluster(Workspace workspace, Path executable) {
        super(workspace, "nats");
        this.executable = executable;
    }

    @Override
    void launch(Servers servers) throws IOException {
        List<List<String>> addresses = addresses(2);
        clients = addresses.get(0);
        List<String> peers = addresses.get(1);
        String routes = peers.stream().map(peer -> "nats://" + peer).collect(Collectors.joining(", "));
        for (int i = 0; i < NODES.size(); i++) {
            String node = NODES.get(i);
            Path configuration = servers.directory().resolve(node + ".conf");
            Files.write(
                    configuration,
                    List.of(
                            "server_name: " + node,
                            "listen: \"" + clients.get(i) + "\"",
                            "jetstream { store_dir: \"" + servers.directory().resolve(node) + "\" }",
                            "cluster { name: benchmark, listen: \"" + peers.get(i) + "\", routes: [ " + routes
                                    + " ] }"));
            servers.start(node, List.of(executable.toString(), "-c", configuration.toString()));
        }
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        NatsNodes nodes = new NatsNodes(clients);
        servers.whenUp(nodes::requireStreams);
        return NatsDriver.connect(nodes);
    }
}
