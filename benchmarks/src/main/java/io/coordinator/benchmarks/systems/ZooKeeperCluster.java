package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three ZooKeeper servers with the settings of its sample configuration; forceSync stays at its default, yes. */
final class ZooKeeperCluster extends LoopbackCluster {
    private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final List<String> PROPERTIES = List.of("-Dzookeeper.admin.enableServer=false");

    private String connectString = "";

    ZooKeeperCluster(Workspace workspace) {
        super(workspace, "zookeeper");
    }

    @Override
    void launch(Servers servers) throws IOException {
        List<List<String>> addresses = addresses(3);
        List<String> clients = addresses.get(0);
        connectString = String.join(",", clients);
        List<String> members = members(addresses.get(1), addresses.get(2));
        for (int i = 0; i < NODES.size(); i++) {
            Path configuration = configure(servers.directory(), i, clients.get(i), members);
            servers.start(NODES.get(i), JavaCommand.of(MAIN, PROPERTIES, List.of(configuration.toString())));
        }
    }

    private static List<String> members(List<String> quorum, List<String> election) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES.size(); i++) {
            members.add("server." + id(i) + "=" + quorum.get(i) + ":" + port(election.get(i)));
        }
        return members;
    }

    private static Path configure(Path directory, int i, String client, List<String> members) throws IOException {
        Path data = Files.createDirectory(directory.resolve(NODES.get(i)));
        Files.writeString(data.resolve("myid"), Integer.toString(id(i)));
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + data,
                "clientPort=" + port(client),
                "clientPortAddress=127.0.0.1"));
        lines.addAll(members);
        return Files.write(directory.resolve(NODES.get(i) + ".cfg"), lines);
    }

    private static int id(int i) {
        return i + 1;
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':') + 1);
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        return ZooKeeperDriver.connect(servers, connectString);
    }
}
