package io.coordinator.benchmarks.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.lock.LockHandle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Three servers, many clients with a lock and a call each, and a leader that is killed. */
@Command(
        name = "benchmarks/storm",
        mixinStandardHelpOptions = true,
        description = "Measures how soon all clients are back after their leader was killed, and what was lost.")
public final class Storm implements Callable<Integer> {
    /** The lock for which every client waits all the while. */
    static final String WANTED = "wanted";

    private static final Duration BEFORE_KILL = Duration.ofSeconds(3);
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Option(names = "--clients", defaultValue = "1000", description = "over all processes; ${DEFAULT-VALUE}")
    private int clients;

    @Option(names = "--processes", defaultValue = "1", description = "of SDK clients; ${DEFAULT-VALUE}")
    private int processes;

    @Option(names = "--light", description = "raw streams in one process instead of SDK clients")
    private boolean light;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Storm()).execute(arguments));
    }

    /** A process full of clients. */
    private record Child(Process process, PrintStream orders, BufferedReader reports) {
        static Child of(Process process) {
            return new Child(
                    process,
                    new PrintStream(process.getOutputStream(), true, UTF_8),
                    new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
        }

        String line() throws IOException {
            String line = reports.readLine();
            if (line == null) {
                throw new IOException("a client process has ended; its messages are above");
            }
            return line;
        }
    }

    @Override
    public Integer call() throws Exception {
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory")))) {
            CoordinatorServers cluster =
                    new CoordinatorServers(workspace, List.of("--streams-max", Integer.toString(3 * clients + 100)));
            cluster.start();
            List<Child> children = new ArrayList<>();
            try (CoordinatorClient keeper = CoordinatorClient.connect(ClientConfig.builder()
                    .cluster(CoordinatorServers.NAME)
                    .endpoints(cluster.endpoints())
                    .sessionLease(LEASE)
                    .requestTimeout(LEASE)
                    .build())) {
                LockHandle wanted = keeper.lock(WANTED).acquire();
                int count = light ? 1 : processes;
                for (int i = 0; i < count; i++) {
                    children.add(Child.of(start(cluster.endpoints(), i, clients / count)));
                }
                for (Child child : children) {
                    child.line();
                }
                TimeUnit.NANOSECONDS.sleep(BEFORE_KILL.toNanos());
                measure(cluster, keeper, children);
                wanted.release();
            } finally {
                children.forEach(child -> child.process().destroyForcibly());
                cluster.stop();
            }
        }
        return 0;
    }

    private Process start(String endpoints, int number, int count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StormProcess.class.getName(),
                        light ? "light" : "sdk",
                        endpoints,
                        Integer.toString(number),
                        Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void measure(CoordinatorServers cluster, CoordinatorClient keeper, List<Child> children)
            throws IOException {
        String leader = serving(keeper, "").orElseThrow();
        children.forEach(child -> child.orders().println("watch"));
        for (Child child : children) {
            child.line();
        }
        cluster.kill(leader);
        long killed = StormProcess.nowMicros();
        long serverCpu = cluster.serverCpuMicros();
        Optional<String> next = serving(keeper, leader);
        while (next.isEmpty()) {
            next = serving(keeper, leader);
        }
        long served = StormProcess.nowMicros();
        long back = 0;
        long lost = 0;
        long locksLost = 0;
        long missing = 0;
        double clientCpu = 0;
        for (Child child : children) {
            String[] report = child.line().split(" ", -1);
            back = Math.max(back, Long.parseLong(report[0]));
            lost += Long.parseLong(report[1]);
            locksLost += Long.parseLong(report[2]);
            missing += Long.parseLong(report[3]);
            clientCpu += Double.parseDouble(report[4]);
        }
        System.out.printf(
                Locale.ROOT,
                "%d %s clients: a new leader served after %.1f s; the last client was back %.1f s later (%.1f s after the"
                        + " kill); %d sessions lost, %d locks lost, %d clients not back; CPU: clients %.1f s, remaining"
                        + " servers %.1f s%n",
                clients,
                light ? "light" : "SDK",
                (served - killed) / 1e6,
                (back - served) / 1e6,
                (back - killed) / 1e6,
                lost,
                locksLost,
                missing,
                clientCpu,
                (cluster.serverCpuMicros() - serverCpu) / 1e6);
    }

    private static Optional<String> serving(CoordinatorClient client, String other) {
        return client.status().stream()
                .filter(status -> status.serving() && !status.node().equals(other))
                .map(NodeStatus::node)
                .findFirst();
    }
}
