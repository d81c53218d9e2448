package io.coordinator.benchmarks.jobs;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.benchmarks.harness.Measurement;
import io.coordinator.benchmarks.harness.Repeated;
import io.coordinator.benchmarks.harness.Repeated.Phase;
import io.coordinator.benchmarks.harness.SlotAction;
import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.FewAtATime;
import io.coordinator.benchmarks.systems.ServingNode;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.schedule.ScheduleOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Very many schedules of the same time, and what their firing costs others. */
@Command(
        name = "benchmarks/due-schedules",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures how soon very many schedules have fired that are due in the same second, and how long puts take",
            "meanwhile."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a put failed", "2:bad arguments"})
public final class DueSchedules implements Callable<Integer> {
    private static final int KEYS = 10_000;
    private static final int AT_ONCE = 128;
    private static final long LOOK_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LINE = "%5s %14s %14s %16s %16s %8s%n";

    @Option(names = "--schedules", defaultValue = "10000", description = "due at the same time")
    private int schedules;

    @Option(names = "--in-flight", defaultValue = "8", description = "puts of 100 bytes")
    private int inFlight;

    @Option(names = "--seconds", defaultValue = "5", description = "of puts before the schedules are due")
    private double seconds;

    @Option(names = "--start-warmup-seconds", defaultValue = "20", description = "of puts, for freshly started servers")
    private double startWarmUpSeconds;

    @Option(names = "--rounds", defaultValue = "5", description = "each with schedules of its own; all are shown")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * What one round found.
     *
     * @param before puts while nothing was due
     * @param meanwhile puts from the due time until all had fired
     * @param firstMillis when the first had fired, from the due time
     * @param lastMillis when all had fired
     */
    private record Round(Measurement before, Measurement meanwhile, long firstMillis, long lastMillis) {
        double ratio() {
            return meanwhile.p99Micros() / before.p99Micros();
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DueSchedules()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (schedules < 1 || inFlight < 1 || rounds < 1) {
            throw new ParameterException(spec.commandLine(), "give at least 1 schedule, 1 put and 1 round");
        }
        List<Round> all = new ArrayList<>();
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory", ".")))) {
            CoordinatorServers cluster = new CoordinatorServers(workspace);
            cluster.start();
            try (CoordinatorClient client =
                    CoordinatorClient.connect(ServingNode.clients(cluster).build())) {
                ServingNode leader = ServingNode.of(cluster, client);
                var unused = Repeated.during(put(client), inFlight, List.of(Phase.of(duration(startWarmUpSeconds))));
                for (int i = 0; i < rounds; i++) {
                    all.add(round(client, "due-" + i));
                }
                leader.requireStillServing(client);
            } finally {
                cluster.stop();
            }
        }
        return report(all);
    }

    private static SlotAction put(CoordinatorClient client) {
        AsyncCache cache = client.async().cache();
        TextNode value = TextNode.valueOf("x".repeat(98));
        return () -> cache.put("key-" + ThreadLocalRandom.current().nextInt(KEYS), value);
    }

    private Round round(CoordinatorClient client, String queue) throws Exception {
        // Far enough away that all are set by then; the wait for it is the time in which puts are measured before.
        Instant due = Instant.now().plus(duration(seconds)).plusSeconds(2 + schedules / 500);
        set(client.async().schedules(), queue, due);
        Firing firing = new Firing(client, queue, due);
        List<Measurement> puts = Repeated.during(
                put(client),
                inFlight,
                List.of(
                        Phase.of(Duration.ofSeconds(1)),
                        () -> TimeUnit.NANOSECONDS.sleep(
                                Duration.between(Instant.now(), due).toNanos()),
                        firing));
        return new Round(puts.get(1), puts.get(2), firing.firstMillis, firing.lastMillis);
    }

    private void set(AsyncSchedules all, String queue, Instant due) throws Exception {
        ScheduleOptions options = ScheduleOptions.at(due).queue(queue).payload("x");
        FewAtATime.forEach(
                IntStream.range(0, schedules).boxed().toList(),
                i -> all.set(queue + "-" + i, options),
                AT_ONCE,
                PATIENCE);
        if (!Instant.now().plus(duration(seconds)).isBefore(due.plusSeconds(1))) {
            throw new IllegalStateException("it took too long to set the schedules; have fewer of them");
        }
    }

    /** Looks into the queue until all have fired. */
    private final class Firing implements Phase {
        private final CoordinatorClient client;
        private final String queue;
        private final Instant due;
        private long firstMillis;
        private long lastMillis;

        Firing(CoordinatorClient client, String queue, Instant due) {
            this.client = client;
            this.queue = queue;
            this.due = due;
        }

        @Override
        public void run() throws Exception {
            long fired = 0;
            while (fired < schedules) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                fired = client.jobs(queue)
                        .inspect()
                        .map(status -> status.summary().submitted())
                        .orElse(0L);
                lastMillis = Duration.between(due, Instant.now()).toMillis();
                firstMillis = fired > 0 && firstMillis == 0 ? lastMillis : firstMillis;
                if (lastMillis > PATIENCE.toMillis()) {
                    throw new IllegalStateException("only " + fired + " of " + schedules + " have fired");
                }
            }
        }
    }

    private static Duration duration(double time) {
        return Duration.ofMillis(Math.round(time * 1_000));
    }

    private int report(List<Round> all) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d schedules due at once, %d puts of 100 bytes in flight; looked at every %d ms%n",
                schedules,
                inFlight,
                LOOK_MILLIS);
        out.printf(LINE, "round", "first fired ms", "all fired ms", "put p99 before", "put p99 then µs", "ratio");
        for (int i = 0; i < all.size(); i++) {
            Round round = all.get(i);
            out.printf(
                    LINE,
                    i + 1,
                    round.firstMillis(),
                    round.lastMillis(),
                    String.format(Locale.ROOT, "%,.0f", round.before().p99Micros()),
                    String.format(Locale.ROOT, "%,.0f", round.meanwhile().p99Micros()),
                    String.format(Locale.ROOT, "%.2f", round.ratio()));
        }
        out.printf(
                Locale.ROOT,
                "Medians: all fired after %.0f ms, ratio of the p99 of puts %.2f.%n",
                Medians.of(all, Round::lastMillis),
                Medians.of(all, Round::ratio));
        long errors = all.stream()
                .mapToLong(round -> round.before().errors() + round.meanwhile().errors())
                .sum();
        if (errors > 0) {
            out.println("FAILED: " + errors + " puts");
        }
        out.flush();
        return errors > 0 ? 1 : 0;
    }
}
