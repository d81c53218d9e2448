package io.coordinator.benchmarks;

import io.coordinator.benchmarks.harness.Comparison;
import io.coordinator.benchmarks.harness.Findings;
import io.coordinator.benchmarks.harness.Plan;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.Workload;
import io.coordinator.benchmarks.report.JsonReport;
import io.coordinator.benchmarks.report.TableReport;
import io.coordinator.benchmarks.systems.Systems;
import io.coordinator.benchmarks.systems.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code benchmarks/compare}. */
@Command(
        name = "benchmarks/compare",
        description = {
            "Compares coordination clusters of three server processes each on this machine, driven in the same way by one"
                    + " asynchronous client process with a fixed number of requests in flight.",
            "Run it when nothing else runs, and quote ratios, not absolute figures."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured; a system that is missing on this machine was reported",
            "1:a system failed, or nothing could be measured",
            "2:bad arguments"
        })
public final class Compare implements Callable<Integer> {
    @Option(
            names = "--systems",
            split = ",",
            defaultValue = "coordinator,etcd,zookeeper",
            description = "what to compare")
    private List<String> systems = new ArrayList<>();

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "put,get,lock",
            description = {
                "what to do: put, get, get-sync (as get, but ZooKeeper syncs first),",
                "lock (and unlock), lock-contended (8 locks for all), lock-multi (3 of 1,000 at once),",
                "get-or-build (a value that nobody has asked for before),",
                "doc-set (one path), doc-push (and shift), doc-tx (2 reads and 2 writes of documents),",
                "publish (a message that is kept), consume (a backlog, by as many members as requests in flight),",
                "fanout-1, fanout-100, fanout-1000 (to so many subscribers; an operation is a delivery),",
                "rpc (to a worker and back), rpc-ephemeral (where no call needs to outlive a server),",
                "job (submitted, done by a worker with an empty handler, and completed)"
            })
    private List<String> workloads = new ArrayList<>();

    @Option(
            names = "--in-flight",
            split = ",",
            description =
                    "numbers of concurrent requests; if it is left out 1,64,512, for publish, fanout-N, rpc and job"
                            + " 1,64, and for consume 64")
    private List<Integer> inFlight = new ArrayList<>();

    @Option(names = "--seconds", defaultValue = "8", description = "length of each measurement")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "how often everything is measured; medians are shown")
    private int rounds;

    @Option(
            names = "--warmup-seconds",
            defaultValue = "2",
            description =
                    "shortest warm-up before each measurement; it lasts until throughput settles, or five times this")
    private double warmUpSeconds;

    @Option(
            names = "--start-warmup-seconds",
            defaultValue = "20",
            description = "how long freshly started servers first do each workload, with the most requests in flight")
    private double startWarmUpSeconds;

    @Option(names = "--value-bytes", defaultValue = "100", description = "length of each value")
    private int valueBytes;

    @Option(names = "--keys", defaultValue = "10000", description = "how many keys are read and written")
    private int keys;

    @Option(
            names = "--backlog",
            defaultValue = "100000",
            description =
                    "how many messages consume finds; a fifth may go on its warm-up, and it ends early with the last")
    private int backlog;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results there, as JSON")
    private @Nullable Path json;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            defaultValue = "${coordinator.benchmarks.directory:-.}",
            description = "where the servers' data goes; it decides which disk is measured")
    private Path directory = Path.of(".");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Function<Workspace, List<SystemKind>> known;

    Compare(Function<Workspace, List<SystemKind>> known) {
        this.known = known;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare(Systems::all)).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Plan plan = plan();
        try (Workspace workspace = Workspace.in(directory)) {
            List<SystemKind> wanted = wanted(workspace);
            Map<Boolean, List<SystemKind>> byMissing = wanted.stream()
                    .collect(Collectors.partitioningBy(s -> s.missing().isPresent()));
            List<SystemKind> present = byMissing.getOrDefault(false, List.of());
            Findings results = new Comparison(plan, present, this::progress).run();
            print(workspace, results, present, byMissing.getOrDefault(true, List.of()));
            if (json != null) {
                JsonReport.write(results, json);
            }
            return results.measurements().isEmpty() || !results.failures().isEmpty() ? 1 : 0;
        }
    }

    private Plan plan() {
        require(seconds > 0, "--seconds must be positive");
        require(warmUpSeconds >= 0, "--warmup-seconds must not be negative");
        require(startWarmUpSeconds >= 0, "--start-warmup-seconds must not be negative");
        require(rounds > 0, "--rounds must be positive");
        require(keys > 0, "--keys must be positive");
        require(valueBytes >= 2, "--value-bytes must be at least 2: values are JSON strings with their quotes");
        require(inFlight.stream().allMatch(n -> n > 0), "--in-flight takes positive numbers");
        require(backlog > 0, "--backlog must be positive");
        List<Workload> wanted = workloads.stream().map(this::workload).toList();
        wanted.forEach(one -> require(
                valueBytes >= one.shortestValue(),
                "--value-bytes must be at least " + one.shortestValue() + " for " + one.label()
                        + ", whose messages carry a number"));
        return new Plan(
                wanted,
                inFlight,
                duration(seconds),
                duration(warmUpSeconds),
                duration(5 * warmUpSeconds),
                duration(startWarmUpSeconds),
                rounds,
                keys,
                valueBytes,
                backlog);
    }

    private Workload workload(String label) {
        try {
            return Workload.named(label);
        } catch (IllegalArgumentException e) {
            throw refused("--workloads: " + e.getMessage());
        }
    }

    private List<SystemKind> wanted(Workspace workspace) {
        List<SystemKind> all = known.apply(workspace);
        return systems.stream()
                .map(name -> all.stream()
                        .filter(system -> system.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> refused("--systems: unknown system '" + name + "'; known: "
                                + all.stream().map(SystemKind::name).collect(Collectors.joining(", ")))))
                .toList();
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw refused(message);
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private void print(Workspace workspace, Findings results, List<SystemKind> present, List<SystemKind> missing)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d processors, %s %s, Java %s, data on %s; medians of %d rounds of %s s; %d-byte values, %d keys%n%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                workspace.fileSystem(),
                rounds,
                seconds,
                valueBytes,
                keys);
        if (!results.measurements().isEmpty()) {
            out.println(TableReport.of(results));
        }
        present.forEach(system -> out.println(system.name() + ": " + system.promises()));
        missing.forEach(system -> out.println(
                system.name() + ": NOT MEASURED: " + system.missing().orElse("")));
        results.unsupported()
                .forEach((system, impossible) -> out.println(system + ": NOT SUPPORTED: "
                        + impossible.stream().map(Workload::label).collect(Collectors.joining(", "))));
        results.failures().forEach(failure -> out.println("FAILED: " + failure));
        if (workspace.fileSystem().equals("tmpfs")) {
            out.println("The data was on tmpfs, where fsync is free: choose another --directory.");
        }
        out.flush();
    }
}
