package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One Redis process with an append-only file that is synced every second, as most of them run that shall keep anything.
 */
final class RedisServer extends LoopbackCluster {
    private final Path executable;
    private String address = "";

    RedisServer(Workspace workspace, Path executable) {
        super(workspace, "redis");
        this.executable = executable;
    }

    @Override
    void launch(Servers servers) throws IOException {
        address = addresses(1).get(0).get(0);
        Path data = Files.createDirectories(servers.directory().resolve("data"));
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of("--bind", "127.0.0.1", "--port", address.substring(address.indexOf(':') + 1)));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""));
        command.addAll(List.of("--dir", data.toString(), "--daemonize", "no"));
        servers.start("redis", command);
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        return servers.whenUp(() -> RedisDriver.connect(address));
    }
}
