package io.coordinator.testing.workload;

import io.coordinator.server.disk.Directories;
import io.coordinator.testing.ports.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A PostgreSQL of its own on a loopback port; its data goes when it is closed. */
final class PostgresServer implements AutoCloseable {
    private static final String USER = "postgres";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 20;

    private final Path directory;
    private final int port;
    private final Process process;
    private final Thread atExit;

    private PostgresServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        atExit = new Thread(process::destroyForcibly, "kill-postgres");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts one; fails if PostgreSQL is not installed. */
    static PostgresServer start() {
        Path programs = programs();
        try {
            Path directory = Files.createTempDirectory("coordinator-postgres-");
            if (isRoot()) {
                // It refuses to run as root.
                Files.setOwner(
                        directory,
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(USER));
            }
            String data = directory.resolve("data").toString();
            List<String> initdb = List.of("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C");
            Process made = run(programs, directory, "initdb", initdb);
            if (!made.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
                throw new IllegalStateException("initdb failed: " + Files.readString(output(directory, "initdb")));
            }
            int port = FreePorts.port();
            List<String> settings = List.of("listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=");
            List<String> command = new ArrayList<>(List.of("postgres", "-D", data));
            settings.forEach(setting -> command.addAll(List.of("-c", setting)));
            PostgresServer server = new PostgresServer(directory, port, run(programs, directory, "postgres", command));
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts", e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Process run(Path programs, Path directory, String name, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        whole.add(programs.resolve(command.get(0)).toString());
        whole.addAll(command.subList(1, command.size()));
        return new ProcessBuilder(whole)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output(directory, name).toFile())
                .start();
    }

    private static Path output(Path directory, String name) {
        return directory.resolve(name + ".log");
    }

    /** Where its programs are: Debian keeps those of each version apart, and out of the search path. */
    private static Path programs() {
        List<Path> places = new ArrayList<>();
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            places.add(Path.of(place));
        }
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin")).forEach(places::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("postgres")))
                .filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this test needs PostgreSQL, which is not installed; on"
                        + " Debian: apt-get install --no-install-recommends postgresql"));
    }

    private void awaitReady() {
        Awaitility.await("PostgreSQL accepts connections")
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "PostgreSQL has ended: " + Files.readString(output(directory, "postgres")));
                    }
                    connect().close();
                    return true;
                });
    }

    /** Where it listens, as {@code host:port}. */
    String address() {
        return "127.0.0.1:" + port;
    }

    Connection connect() throws SQLException {
        return connect(address());
    }

    /** A connection that gives up when nothing comes for a while. */
    static Connection connect(String address) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + "/postgres?user=" + USER + "&connectTimeout=5&socketTimeout=5");
    }

    /** Ends connections and stops. */
    @Override
    public void close() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } finally {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
