package io.coordinator.testing.process;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Uses, in one process, what nodes and workers use of the libraries; see {@link ClassArchive}. */
final class NodeRehearsal {
    private NodeRehearsal() {}

    public static void main(String[] arguments) throws IOException, StartupException {
        Path directory = Files.createTempDirectory("coordinator-rehearsal-");
        try {
            rehearse(directory);
        } finally {
            Directories.delete(directory);
        }
        System.exit(0);
    }

    private static void rehearse(Path directory) throws StartupException, IOException {
        ServerConfig.Builder config = ServerConfig.builder();
        config.set("node", "n1");
        config.set("members", "n1=127.0.0.1:" + FreePorts.port() + "/127.0.0.1:0");
        config.set("http-bind", "127.0.0.1:0");
        config.set("data-dir", directory.toString());
        CoordinatorServer server = CoordinatorServer.start(config.build());
        ClientConfig clientConfig =
                ClientConfig.builder().endpoints(server.clientAddress()).build();
        try (CoordinatorClient client = CoordinatorClient.connect(clientConfig)) {
            client.cache().put("key", Map.of("a", 1));
            client.cache().get("key");
            client.lock("lock").withLock(context -> context.token());
        } finally {
            server.abort();
        }
    }
}
