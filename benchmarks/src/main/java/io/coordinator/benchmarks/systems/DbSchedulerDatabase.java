package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One PostgreSQL process that syncs what it commits, on loopback only. */
final class DbSchedulerDatabase extends LoopbackCluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "postgres";
    private static final int CONNECTIONS = 120;

    private final Path binaries;
    private String address = "";

    DbSchedulerDatabase(Workspace workspace, Path binaries) {
        super(workspace, "db-scheduler");
        this.binaries = binaries;
    }

    @Override
    void launch(Servers servers) throws IOException {
        address = addresses(1).get(0).get(0);
        Path data = Files.createDirectory(servers.directory().resolve("data"));
        boolean drops = System.getProperty("user.name").equals("root");
        if (drops) {
            // PostgreSQL refuses to run as root, so another user must reach its data.
            servers.letOthersThrough();
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        }
        servers.run("initdb", command(drops, "initdb", initial(data)), PATIENCE);
        servers.start("postgres", command(drops, "postgres", settings(data)));
    }

    private List<String> command(boolean drops, String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (drops) {
            command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    private static List<String> initial(Path data) {
        return List.of("-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C");
    }

    private List<String> settings(Path data) {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
        List.of(
                        "listen_addresses=127.0.0.1",
                        "port=" + address.substring(address.indexOf(':') + 1),
                        "unix_socket_directories=",
                        "fsync=on",
                        "synchronous_commit=on",
                        "full_page_writes=on",
                        "max_connections=" + CONNECTIONS,
                        "shared_buffers=256MB")
                .forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return arguments;
    }

    @Override
    Driver connect(Servers servers) throws Exception {
        return servers.whenUp(
                () -> DbSchedulerDriver.connect("jdbc:postgresql://" + address + "/postgres?user=" + USER));
    }

    /** A killed one leaves shared memory behind. */
    @Override
    void beforeStop(Servers servers) {
        servers.end(PATIENCE);
    }
}
