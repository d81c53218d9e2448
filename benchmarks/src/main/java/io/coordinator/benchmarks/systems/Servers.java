package io.coordinator.benchmarks.systems;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server processes of one system, and the directory that holds their data and logs. */
final class Servers {
    private static final int LOG_TAIL_LINES = 15;

    private final Workspace workspace;
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();

    Servers(Workspace workspace, String name) throws IOException {
        this.workspace = workspace;
        this.directory = workspace.newDirectory(name);
    }

    Path directory() {
        return directory;
    }

    /** Starts one process; what it prints goes to a log beside its data. */
    void start(String node, List<String> command) throws IOException {
        Path log = directory.resolve(node + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(Servers::configuresServers);
        processes.add(workspace.start(builder));
        logs.add(log);
    }

    /** Variables of the caller's shell must not change what is compared. */
    private static boolean configuresServers(String variable) {
        return variable.startsWith("ETCD_")
                || variable.startsWith("COORD_")
                || variable.equals("JAVA_TOOL_OPTIONS")
                || variable.equals("JDK_JAVA_OPTIONS");
    }

    /**
     * The processor time that all of them have used so far.
     *
     * @throws IllegalStateException with the end of its log, if a server is no longer running
     */
    long cpuMicros() {
        long micros = 0;
        for (int i = 0; i < processes.size(); i++) {
            Process process = processes.get(i);
            if (!process.isAlive()) {
                throw new IllegalStateException("a server ended with exit code " + process.exitValue()
                        + "; its log ends with\n" + tail(logs.get(i)));
            }
            micros += TimeUnit.NANOSECONDS.toMicros(process.info()
                    .totalCpuDuration()
                    .map(Duration::toNanos)
                    .orElseThrow(() -> new IllegalStateException("this platform does not tell a process' CPU time")));
        }
        return micros;
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
        workspace.remove(processes, directory);
    }
}
