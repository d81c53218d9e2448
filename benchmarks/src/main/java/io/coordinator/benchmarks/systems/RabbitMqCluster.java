package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Three RabbitMQ nodes with their default settings, and the port mapper that Erlang nodes find each other by. All of it
 * listens on loopback only.
 */
final class RabbitMqCluster extends LoopbackCluster {
    /** A new cluster takes over half a minute, on a slow machine longer. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(150);

    private static final String COOKIE = "BENCHMARKCOOKIE";

    private final Path server;
    private final Path epmd;
    private List<String> clients = List.of();

    RabbitMqCluster(Workspace workspace, Path server, Path epmd) {
        super(workspace, "rabbitmq");
        this.server = server;
        this.epmd = epmd;
    }

    @Override
    void launch(Servers servers) throws IOException {
        List<List<String>> addresses = addresses(3);
        clients = addresses.get(0);
        String mapper = port(addresses.get(2).get(0));
        servers.start("epmd", List.of(epmd.toString(), "-address", "127.0.0.1", "-port", mapper));
        Path cookie = Files.writeString(servers.directory().resolve(".erlang.cookie"), COOKIE);
        Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        for (int i = 0; i < NODES.size(); i++) {
            Path home = configure(servers.directory(), i, clients.get(i));
            Map<String, String> environment = environment(home, NODES.get(i));
            environment.put("HOME", servers.directory().toString());
            environment.put("ERL_EPMD_PORT", mapper);
            environment.put("RABBITMQ_DIST_PORT", port(addresses.get(1).get(i)));
            servers.start(NODES.get(i), List.of(server.toString()), environment);
        }
    }

    private static Path configure(Path directory, int i, String client) throws IOException {
        Path home = Files.createDirectory(directory.resolve(NODES.get(i)));
        List<String> lines = new ArrayList<>(List.of(
                "listeners.tcp.1 = " + client,
                "cluster_formation.peer_discovery_backend = classic_config",
                "log.console = true",
                "log.console.level = warning",
                "log.file = false"));
        for (int node = 0; node < NODES.size(); node++) {
            lines.add("cluster_formation.classic_config.nodes." + (node + 1) + " = " + erlangNode(NODES.get(node)));
        }
        Files.write(home.resolve("rabbitmq.conf"), lines);
        Files.writeString(home.resolve("enabled_plugins"), "[].\n");
        Files.writeString(home.resolve("env.conf"), "");
        return home;
    }

    private static Map<String, String> environment(Path home, String node) {
        Map<String, String> environment = new HashMap<>();
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", erlangNode(node));
        environment.put("RABBITMQ_CONF_ENV_FILE", home.resolve("env.conf").toString());
        environment.put("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq").toString());
        environment.put("RABBITMQ_MNESIA_BASE", home.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", home.resolve("log").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_PID_FILE", home.resolve("pid").toString());
        // Without these two a shell stays between us and the server, which would outlive it.
        environment.put("RABBITMQ_ALLOW_INPUT", "1");
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false -noinput");
        return environment;
    }

    private static String erlangNode(String node) {
        return node + "@localhost";
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':') + 1);
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        RabbitMqNodes nodes = new RabbitMqNodes(clients);
        try {
            servers.whenUp(nodes::requireOneCluster, START_PATIENCE);
            return new RabbitMqDriver(nodes);
        } catch (Exception e) {
            nodes.close();
            throw e;
        }
    }
}
