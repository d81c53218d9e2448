package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;

import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster of one node, in this JVM. */
final class RealNode implements AutoCloseable {
    private final CoordinatorServer server;

    private RealNode(CoordinatorServer server) {
        this.server = server;
    }

    /** Starts it and waits until it serves. */
    static RealNode start(Path directory, String... flags) throws IOException, StartupException {
        List<String> arguments = new ArrayList<>(List.of(
                "--node=n1",
                "--data-dir=" + directory.resolve("n1"),
                "--client-bind=" + FreePorts.address(),
                "--peer-bind=" + FreePorts.address(),
                "--http-bind=" + FreePorts.address(),
                "--session-lease-min-millis=200"));
        arguments.addAll(List.of(flags));
        CoordinatorServer server = CoordinatorServer.start(ServerConfig.load(arguments, Map.of()));
        await().until(() -> server.status().getServing());
        return new RealNode(server);
    }

    String endpoint() {
        return server.clientAddress();
    }

    String httpAddress() {
        return server.httpAddress();
    }

    String peerAddress() {
        return server.peerAddress();
    }

    /** Whether it has stopped, and not since it broke. */
    boolean isTerminated() {
        return server.terminated().isDone() && !server.terminated().isCompletedExceptionally();
    }

    void abort() {
        server.abort();
    }

    @Override
    public void close() {
        server.close();
    }
}
