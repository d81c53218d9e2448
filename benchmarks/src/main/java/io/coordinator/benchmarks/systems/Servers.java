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

    private record Server(String node, List<String> command, Process process, Path log) {}

    Servers(Workspace workspace, String name) throws IOException {
        this.workspace = workspace;
        this.directory = workspace.newDirectory(name);
    }

    Path directory() {
        return directory;
    }

    /** Has other users reach what is theirs in the directory. */
    void letOthersThrough() throws IOException {
        workspace.letOthersThrough(directory);
    }

    /** Starts one process; what it prints goes to a log beside its data. */
    void start(String node, List<String> command) throws IOException {
        start(node, command, Map.of());
    }

    /** The same with more variables in its environment. */
    void start(String node, List<String> command, Map<String, String> environment) throws IOException {
        servers.add(process(node, command, environment));
    }

    private Server process(String name, List<String> command, Map<String, String> environment) throws IOException {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(Servers::configuresServers);
        builder.environment().putAll(environment);
        return new Server(name, command, workspace.start(builder), log);
    }

    /**
     * Runs a program to its end, before servers start.
     *
     * @throws IOException if it fails, with the end of what it printed, or takes longer than this
     */
    void run(String name, List<String> command, Duration patience) throws IOException {
        Server program = process(name, command, Map.of());
        if (!hasEnded(program.process(), System.nanoTime() + patience.toNanos())) {
            throw new IOException(name + " did not end within " + patience.toSeconds() + " s");
        }
        if (program.process().exitValue() != 0) {
            throw new IOException(name + " failed; it said\n" + tail(program.log()));
        }
    }

    private static boolean hasEnded(Process process, long deadlineNanos) {
        try {
            return process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Variables of the caller's shell must not change what is compared. */
    private static boolean configuresServers(String variable) {
        return variable.startsWith("ETCD_")
                || variable.startsWith("COORD_")
                || variable.startsWith("RABBITMQ_")
                || variable.startsWith("ERL_")
                || variable.startsWith("NATS_")
                || variable.startsWith("PG")
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

    /** With the processes that it has started, as PostgreSQL does for each connection; one may just have ended. */
    private static long cpuMicros(Process process) {
        Duration own = process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this platform does not tell a process' CPU time"));
        Duration all = process.descendants()
                .map(started -> started.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(own, Duration::plus);
        return TimeUnit.NANOSECONDS.toMicros(all.toNanos());
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

    /** Kills one process, and starts another one with its data. */
    void restart(String node) throws IOException {
        List<Server> before =
                servers.stream().filter(server -> server.node().equals(node)).toList();
        for (Server server : before) {
            kill(node);
            server.process().onExit().join();
            start(node, server.command());
        }
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

    /** Asks all processes to end, and waits for that. */
    void end(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        servers.forEach(server -> server.process().destroy());
        servers.removeIf(server -> hasEnded(server.process(), deadline));
    }

    void stop() {
        workspace.remove(servers.stream().map(Server::process).toList(), directory);
    }
}
