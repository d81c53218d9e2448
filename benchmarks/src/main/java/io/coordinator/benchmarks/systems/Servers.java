package io.coordinator.benchmarks.systems;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The server processes of one system, and the directory that holds their data and logs. */
final class Servers {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final long RETRY_MILLIS = 100;
    private static final int LOG_TAIL_LINES = 15;

    private final Workspace workspace;
    private final Path directory;
    private final List<Server> servers = new ArrayList<>();

    private record Server(String node, Process process, Path log) {}

    Servers(Workspace workspace, String name) throws IOException {
        this.workspace = workspace;
        this.directory = workspace.newDirectory(name);
    }

    Path directory() {
        return directory;
    }

    /** Starts one process; what it prints goes to a log beside its data. */
    void start(String node, List<String> command) throws IOException {
        start(node, command, Map.of());
    }

    /** The same with more variables in its environment. */
    void start(String node, List<String> command, Map<String, String> environment) throws IOException {
        Path log = directory.resolve(node + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(Servers::configuresServers);
        builder.environment().putAll(environment);
        servers.add(new Server(node, workspace.start(builder), log));
    }

    /** Variables of the caller's shell must not change what is compared. */
    private static boolean configuresServers(String variable) {
        return variable.startsWith("ETCD_")
                || variable.startsWith("COORD_")
                || variable.startsWith("RABBITMQ_")
                || variable.startsWith("ERL_")
                || variable.startsWith("NATS_")
                || variable.equals("JAVA_TOOL_OPTIONS")
                || variable.equals("JDK_JAVA_OPTIONS");
    }

    /**
     * Asks the starting servers again and again until they answer.
     *
     * @return the first answer
     * @throws IllegalStateException if one of them ended meanwhile
     * @throws Exception the last failure, when patience is at its end
     */
    <T> T whenUp(Callable<T> question) throws Exception {
        return whenUp(question, START_PATIENCE);
    }

    /** The same for servers that take another time to start. */
    <T> T whenUp(Callable<T> question, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            requireAlive();
            try {
                return question.call();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    /**
     * The processor time that all of them have used so far.
     *
     * @throws IllegalStateException with the end of its log, if a server is no longer running
     */
    long cpuMicros() {
        requireAlive();
        return servers.stream().mapToLong(server -> cpuMicros(server.process())).sum();
    }

    private static long cpuMicros(Process process) {
        return process.info()
                        .totalCpuDuration()
                        .orElseThrow(() -> new IllegalStateException("this platform does not tell a process' CPU time"))
                        .toNanos()
                / TimeUnit.MICROSECONDS.toNanos(1);
    }

    /** The process id of a node. */
    long pid(String node) {
        return servers.stream()
                .filter(server -> server.node().equals(node))
                .map(server -> server.process().pid())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + node));
    }

    /** Kills one process, which is not missed from then on. */
    void kill(String node) {
        List<Server> killed =
                servers.stream().filter(server -> server.node().equals(node)).toList();
        servers.removeAll(killed);
        killed.forEach(server -> server.process().destroyForcibly());
    }

    private void requireAlive() {
        for (Server server : servers) {
            if (!server.process().isAlive()) {
                throw new IllegalStateException("a server ended with exit code "
                        + server.process().exitValue() + "; its log ends with\n" + tail(server.log()));
            }
        }
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        workspace.remove(servers.stream().map(Server::process).toList(), directory);
    }
}
