package io.coordinator.benchmarks.waiters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Three servers, one builder, and some processes full of waiters. */
@Command(
        name = "benchmarks/waiters",
        mixinStandardHelpOptions = true,
        description = "Measures how soon all who wait for a build in several processes hear of its end.")
public final class Waiters implements Callable<Integer> {
    @Option(names = "--processes", defaultValue = "10", description = "client processes")
    private int processes;

    @Option(names = "--waiters", defaultValue = "1000", description = "over all processes")
    private int waiters;

    @Option(names = "--rounds", defaultValue = "60", description = "of which the first third is warm-up")
    private int rounds;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Waiters()).execute(arguments));
    }

    /** A process and its streams. */
    private record Child(Process process, PrintStream keys, BufferedReader times) {
        static Child of(Process process) {
            return new Child(
                    process,
                    new PrintStream(process.getOutputStream(), true, UTF_8),
                    new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
        }

        String line() throws IOException {
            String line = times.readLine();
            if (line == null) {
                throw new IOException("a client process has ended; its messages are above");
            }
            return line;
        }
    }

    @Override
    public Integer call() throws Exception {
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory")))) {
            CoordinatorServers cluster = new CoordinatorServers(workspace);
            cluster.start();
            List<Child> children = new ArrayList<>();
            try (CoordinatorClient builder = CoordinatorClient.connect(ClientConfig.builder()
                    .cluster(CoordinatorServers.NAME)
                    .endpoints(cluster.endpoints())
                    .requestTimeout(Duration.ofMinutes(1))
                    .build())) {
                for (int i = 0; i < processes; i++) {
                    children.add(Child.of(start(cluster.endpoints(), waiters / processes)));
                }
                for (Child child : children) {
                    child.line();
                }
                report(measure(builder, children));
            } finally {
                children.forEach(child -> child.process().destroyForcibly());
                cluster.stop();
            }
        }
        return 0;
    }

    private static Process start(String endpoints, int count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingProcess.class.getName(),
                        CoordinatorServers.NAME,
                        endpoints,
                        Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<Long> measure(CoordinatorClient builder, List<Child> children) throws Exception {
        List<Long> micros = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            long took = round(builder, children, "round-" + round);
            if (round >= rounds / 3) {
                micros.add(took);
            }
        }
        return micros;
    }

    /** From the return of the build function to the last waiter's value. */
    private long round(CoordinatorClient builder, List<Child> children, String key) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong done = new AtomicLong();
        var built = builder.async()
                .builds()
                .getOrBuildAsync(
                        key,
                        String.class,
                        context -> {
                            go.await();
                            done.set(WaitingProcess.nowMicros());
                            return "built";
                        },
                        BuildOptions.timeout(Duration.ofMinutes(1)));
        awaitWaiters(builder, key, -1);
        children.forEach(child -> child.keys().println(key));
        awaitWaiters(builder, key, waiters / processes * processes);
        go.countDown();
        built.toCompletableFuture().join();
        long last = 0;
        for (Child child : children) {
            last = Math.max(last, Long.parseLong(child.line()));
        }
        return last - done.get();
    }

    /** @param count -1 for the builder */
    private static void awaitWaiters(CoordinatorClient client, String key, int count) {
        while (true) {
            var status = client.builds().status(key);
            if (count < 0 ? status.token() != 0 : status.waiters() == count) {
                return;
            }
        }
    }

    private void report(List<Long> micros) {
        Collections.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%d waiters in %d processes, %d rounds: the last has heard after %.1f ms (median), %.1f ms (p90), %.1f ms (max)%n",
                waiters,
                processes,
                micros.size(),
                micros.get(micros.size() / 2) / 1_000.0,
                micros.get(micros.size() * 9 / 10) / 1_000.0,
                micros.get(micros.size() - 1) / 1_000.0);
    }
}
