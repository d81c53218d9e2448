package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Three ZooKeeper servers with the settings of its sample configuration; forceSync stays at its default, yes. */
final class ZooKeeperCluster implements SystemUnderTest {
    private static final int NODES = 3;
    private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

    private final Workspace workspace;
    private String connectString = "";
    private @Nullable Servers servers;

    ZooKeeperCluster(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public void start() throws IOException {
        Servers started = new Servers(workspace, "zookeeper");
        servers = started;
        List<Integer> ports = FreePorts.find(3 * NODES);
        List<Integer> clientPorts = ports.subList(0, NODES);
        connectString = clientPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        List<String> members = members(ports.subList(NODES, 2 * NODES), ports.subList(2 * NODES, 3 * NODES));
        for (int id = 1; id <= NODES; id++) {
            Path configuration = configure(started.directory(), id, clientPorts.get(id - 1), members);
            started.start(
                    "n" + id,
                    JavaCommand.of(
                            MAIN, List.of("-Dzookeeper.admin.enableServer=false"), List.of(configuration.toString())));
        }
    }

    private static List<String> members(List<Integer> quorumPorts, List<Integer> electionPorts) {
        List<String> members = new ArrayList<>();
        for (int id = 1; id <= NODES; id++) {
            members.add("server." + id + "=127.0.0.1:" + quorumPorts.get(id - 1) + ":" + electionPorts.get(id - 1));
        }
        return members;
    }

    private static Path configure(Path directory, int id, int clientPort, List<String> members) throws IOException {
        Path data = Files.createDirectory(directory.resolve("n" + id));
        Files.writeString(data.resolve("myid"), Integer.toString(id));
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + data,
                "clientPort=" + clientPort,
                "clientPortAddress=127.0.0.1"));
        lines.addAll(members);
        return Files.write(directory.resolve("n" + id + ".cfg"), lines);
    }

    @Override
    public Driver connect() throws Exception {
        return ZooKeeperDriver.connect(connectString);
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
