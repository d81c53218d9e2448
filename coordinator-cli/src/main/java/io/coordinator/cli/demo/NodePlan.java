package io.coordinator.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Where one node of a cluster on this host will listen.
 *
 * @param id its node id
 * @param members the whole cluster, as the server's configuration has it
 * @param clientAddress for clients
 * @param httpAddress for probes
 */
record NodePlan(String id, String members, String clientAddress, String httpAddress) {
    private static final String LOOPBACK = "127.0.0.1:";
    private static final int PORTS_PER_NODE = 3;

    /** Nodes n1, n2, … on free loopback ports. */
    static List<NodePlan> plan(int count) throws IOException {
        List<String> addresses = DemoPorts.find(count * PORTS_PER_NODE, new Random()).stream()
                .map(port -> LOOPBACK + port)
                .toList();
        List<String> clients = addresses.subList(0, count);
        List<String> peers = addresses.subList(count, 2 * count);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(id(i) + "=" + peers.get(i) + "/" + clients.get(i));
        }
        List<NodePlan> plans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            plans.add(new NodePlan(id(i), String.join(",", members), clients.get(i), addresses.get(2 * count + i)));
        }
        return plans;
    }

    /** The server's flags; the directory has the members' token. */
    List<String> flags(DemoDirectory directory) {
        return List.of(
                "--node=" + id,
                "--cluster=demo",
                "--members=" + members,
                "--http-bind=" + httpAddress,
                "--data-dir=" + directory.data(id),
                "--peer-token-file=" + directory.peerToken());
    }

    private static String id(int index) {
        return "n" + (index + 1);
    }
}
