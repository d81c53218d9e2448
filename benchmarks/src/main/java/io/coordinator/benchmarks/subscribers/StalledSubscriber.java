package io.coordinator.benchmarks.subscribers;

import io.coordinator.benchmarks.harness.Dataset;
import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.Measurement;
import io.coordinator.benchmarks.harness.PutsAndDeliveries;
import io.coordinator.benchmarks.harness.PutsAndDeliveries.Found;
import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.ServingNode;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.CoordinatorClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts and deliveries, by turns alone and beside a subscriber that reads nothing. */
@Command(
        name = "benchmarks/stalled-subscriber",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Measures what one subscriber that reads nothing costs puts and other subscribers, and the leader.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "1:a request failed, nothing was dropped, or more was waiting on the leader than may",
            "2:bad arguments"
        })
public final class StalledSubscriber implements Callable<Integer> {
    /** What a node with this heap has for waiting messages by default. */
    private static final long WAITING_MAX = CoordinatorServers.HEAP_BYTES / 16;

    private static final int KEYS = 10_000;
    private static final int PUT_BYTES = 100;
    private static final double MIB = 1 << 20;
    private static final String LINE = "%-28s %14s %14s %8s%n";

    @Option(names = "--subscribers", defaultValue = "10", description = "that take everything")
    private int subscribers;

    @Option(names = "--in-flight", defaultValue = "8", description = "puts, and as many messages")
    private int inFlight;

    @Option(names = "--message-bytes", defaultValue = "4096", description = "length of each message")
    private int messageBytes;

    @Option(names = "--seconds", defaultValue = "8", description = "length of each measurement")
    private double seconds;

    @Option(names = "--warmup-seconds", defaultValue = "5", description = "before each; the stalled one fills up in it")
    private double warmUpSeconds;

    @Option(names = "--start-warmup-seconds", defaultValue = "20", description = "of freshly started servers")
    private double startWarmUpSeconds;

    @Option(names = "--rounds", defaultValue = "3", description = "of which medians are shown")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * What one measurement found.
     *
     * @param heapBytes that live on the leader afterwards
     * @param waitingBytes the most that waited on the leader for subscribers
     * @param dropped messages
     * @param ended topic streams whose client was too far behind
     */
    private record Round(Found found, long heapBytes, double waitingBytes, double dropped, double ended) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StalledSubscriber()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Round> alone = new ArrayList<>();
        List<Round> beside = new ArrayList<>();
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory", ".")))) {
            CoordinatorServers cluster =
                    new CoordinatorServers(workspace, List.of("--topic-bytes-max", Long.toString(WAITING_MAX)));
            cluster.start();
            try (Driver driver = cluster.connect();
                    CoordinatorClient observer = CoordinatorClient.connect(
                            ServingNode.clients(cluster).build())) {
                ServingNode leader = ServingNode.of(cluster, observer);
                PutsAndDeliveries load = PutsAndDeliveries.of(
                        driver,
                        Dataset.of(KEYS, PUT_BYTES, 0, 0),
                        Dataset.of(0, messageBytes, 0, 0),
                        subscribers,
                        inFlight);
                load.measure(duration(startWarmUpSeconds), Duration.ZERO);
                for (int i = 0; i < rounds; i++) {
                    alone.add(measure(load, leader));
                    try (Stalled stalled = Stalled.connect(cluster)) {
                        beside.add(measure(load, leader));
                        stalled.requireStalled();
                    }
                }
                leader.requireStillServing(observer);
            } finally {
                cluster.stop();
            }
        }
        return report(alone, beside);
    }

    private Round measure(PutsAndDeliveries load, ServingNode leader) throws Exception {
        double dropped = leader.figure("coordinator_topic_dropped_total");
        double ended = leader.figure("coordinator_topic_slow_consumers_total");
        try (Peak waiting = Peak.watch(() -> leader.figure("coordinator_topic_waiting_bytes"))) {
            Found found = load.measure(duration(warmUpSeconds), duration(seconds));
            return new Round(
                    found,
                    leader.liveHeapBytes(),
                    waiting.highest(),
                    leader.figure("coordinator_topic_dropped_total") - dropped,
                    leader.figure("coordinator_topic_slow_consumers_total") - ended);
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private int report(List<Round> alone, List<Round> beside) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d subscribers, %d puts and %d messages of %d bytes in flight; medians of %d rounds of %s s%n",
                subscribers,
                inFlight,
                inFlight,
                messageBytes,
                rounds,
                seconds);
        out.printf(LINE, "", "alone", "one stalled", "ratio");
        line(out, "puts a second", alone, beside, round -> round.found().puts().opsPerSecond());
        line(out, "put p50 µs", alone, beside, round -> round.found().puts().p50Micros());
        line(out, "put p99 µs", alone, beside, round -> round.found().puts().p99Micros());
        line(
                out,
                "deliveries a second",
                alone,
                beside,
                round -> round.found().deliveries().opsPerSecond());
        line(
                out,
                "delivery p50 µs",
                alone,
                beside,
                round -> round.found().deliveries().p50Micros());
        line(
                out,
                "delivery p99 µs",
                alone,
                beside,
                round -> round.found().deliveries().p99Micros());
        line(out, "live heap of the leader MiB", alone, beside, round -> round.heapBytes() / MIB);
        double waiting = beside.stream().mapToDouble(Round::waitingBytes).max().orElse(0);
        double dropped = beside.stream().mapToDouble(Round::dropped).min().orElse(0);
        out.printf(
                Locale.ROOT,
                "Most that waited on the leader: %.1f MiB of %.1f MiB. Heap: at most %d MiB. With the stalled one, at"
                        + " least %.0f messages were dropped in a round, and %.0f topic streams ended in all.%n",
                waiting / MIB,
                WAITING_MAX / MIB,
                CoordinatorServers.HEAP_BYTES >> 20,
                dropped,
                beside.stream().mapToDouble(Round::ended).sum());
        long errors = errors(alone) + errors(beside);
        if (errors > 0) {
            out.println("FAILED: " + errors + " puts or deliveries");
        }
        if (dropped == 0) {
            out.println("FAILED: nothing was dropped, so nobody was stalled for long enough; measure longer");
        }
        out.flush();
        return errors > 0 || dropped == 0 || waiting > WAITING_MAX ? 1 : 0;
    }

    private static long errors(List<Round> all) {
        return all.stream()
                .mapToLong(round ->
                        errors(round.found().puts()) + errors(round.found().deliveries()))
                .sum();
    }

    private static long errors(Measurement measurement) {
        return measurement.errors();
    }

    private static void line(
            PrintWriter out, String name, List<Round> alone, List<Round> beside, ToDoubleFunction<Round> figure) {
        double one = median(alone, figure);
        double other = median(beside, figure);
        out.printf(
                LINE,
                name,
                String.format(Locale.ROOT, "%,.1f", one),
                String.format(Locale.ROOT, "%,.1f", other),
                one == 0 ? "" : String.format(Locale.ROOT, "%.2f", other / one));
    }

    private static double median(List<Round> all, ToDoubleFunction<Round> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
