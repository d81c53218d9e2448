package io.coordinator.testing.workload;

import io.coordinator.client.job.JobQueue;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.history.job.HandlerLine;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** The processes in which jobs are done; a killed one has a successor, with another file. Not thread-safe. */
final class TrialHosts implements AutoCloseable {
    private static final int TAIL_LINES = 40;
    private static final Duration START_MAX = Duration.ofSeconds(60);

    /** Cut off, it still has its session when it comes back: only its attempts are over then. */
    static final String LASTING = "lasting";

    private static final List<String> ALL = List.of("host-1", "host-2", "host-3", LASTING);
    private static final Duration SHORT_LEASE = Duration.ofSeconds(2);
    private static final Duration LONG_LEASE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final ClientLinks links;
    private final Program program;
    private final Path directory;
    private final Map<String, JavaProcess> processes = new TreeMap<>();
    private final List<Path> files = new ArrayList<>();

    /**
     * What a host runs.
     *
     * @param main takes {@link HostArguments}
     * @param seed of what handlers do
     * @param more what only this program is told
     */
    record Program(Class<?> main, long seed, List<String> more) {}

    /**
     * None yet.
     *
     * @param links of {@link #LASTING}
     * @param directory for what they write
     */
    TrialHosts(Cluster cluster, ClientLinks links, Program program, Path directory) {
        this.cluster = cluster;
        this.links = links;
        this.program = program;
        this.directory = directory;
    }

    void start(String host) {
        boolean lasting = host.equals(LASTING);
        Path file = directory.resolve(host + "-" + files.size() + ".lines");
        files.add(file);
        Map<String, String> detours = new TreeMap<>();
        if (lasting) {
            cluster.nodes()
                    .forEach(node -> detours.put(
                            cluster.clientAddress(node), links.to(node).address()));
        }
        HostArguments arguments = new HostArguments(
                host,
                cluster.endpoints(),
                lasting ? LONG_LEASE : SHORT_LEASE,
                program.seed(),
                file,
                detours,
                program.more());
        Path output = directory.resolve(host + ".log");
        processes.put(host, JavaProcess.start(host, output, Launch.DEFAULT, program.main(), arguments.list()));
    }

    /** Starts three hosts with short leases, and the lasting one. */
    void startAll() {
        ALL.forEach(this::start);
    }

    /** Waits until all of them take jobs of a queue. */
    void awaitWorkers(JobQueue queue) {
        Awaitility.await("all hosts work for " + queue.name())
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> queue.inspect().orElseThrow().summary().workers() == ALL.size());
    }

    /** The names of all. */
    List<String> names() {
        return List.copyOf(processes.keySet());
    }

    void kill(String host) {
        living(host).kill();
    }

    void pause(String host) {
        living(host).pause();
    }

    void resume(String host) {
        living(host).resume();
    }

    /** Nobody but the trial ends a host. */
    private JavaProcess living(String host) {
        JavaProcess process = processes.get(host);
        if (process == null || !process.isAlive()) {
            String said = process == null ? "it was never started" : process.tail(TAIL_LINES);
            throw new IllegalStateException(host + " has ended by itself: " + said);
        }
        return process;
    }

    /** Lets all finish what they are at, and ends them. */
    void finish() {
        names().forEach(host -> living(host).terminate());
        processes.clear();
    }

    /** What the handlers of all have written down. */
    List<HandlerLine> lines() {
        List<HandlerLine> lines = new ArrayList<>();
        files.stream().filter(file -> file.toFile().exists()).forEach(file -> lines.addAll(HandlerLine.readAll(file)));
        return lines;
    }

    @Override
    public void close() {
        processes.values().forEach(JavaProcess::close);
    }
}
