package io.coordinator.benchmarks.jobs;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.benchmarks.harness.Measurement;
import io.coordinator.benchmarks.harness.Repeated;
import io.coordinator.benchmarks.harness.Repeated.Phase;
import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.FewAtATime;
import io.coordinator.benchmarks.systems.ServingNode;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.QueueOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A queue in which very many jobs wait for workers that never come. */
@Command(
        name = "benchmarks/waiting-jobs",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures how fast jobs are submitted to an empty queue and to one in which very many wait, what a job",
            "that waits takes of the heap, and how long a node takes to start with all of them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a submission failed", "2:bad arguments"})
public final class WaitingJobs implements Callable<Integer> {
    private static final int BATCH = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MIB = 1 << 20;
    private static final String LINE = "%-44s %14s %10s %10s%n";

    @Option(names = "--jobs", defaultValue = "1000000", description = "that wait")
    private int jobs;

    @Option(names = "--payload-bytes", defaultValue = "100", description = "of each, as JSON")
    private int payloadBytes;

    @Option(names = "--in-flight", defaultValue = "64", description = "submissions while they are measured")
    private int inFlight;

    @Option(names = "--seconds", defaultValue = "5", description = "length of each measurement")
    private double seconds;

    @Option(names = "--start-warmup-seconds", defaultValue = "20", description = "of freshly started servers")
    private double startWarmUpSeconds;

    @Option(names = "--rounds", defaultValue = "3", description = "of which medians are shown")
    private int rounds;

    @Option(names = "--heap-mib", defaultValue = "3072", description = "heap of each server; the state may take half")
    private int heapMib;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private int queues;
    private long errors;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new WaitingJobs()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (jobs < BATCH || payloadBytes < 2 || inFlight < 1 || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "give at least " + BATCH + " jobs of 2 bytes, 1 in flight and 1 round");
        }
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory", ".")))) {
            CoordinatorServers cluster = new CoordinatorServers(workspace, List.of(), (long) heapMib << 20);
            cluster.start();
            try (CoordinatorClient client =
                    CoordinatorClient.connect(ServingNode.clients(cluster).build())) {
                measure(cluster, client);
            } finally {
                cluster.stop();
            }
        }
        return errors == 0 ? 0 : 1;
    }

    private void measure(CoordinatorServers cluster, CoordinatorClient client) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ServingNode leader = ServingNode.of(cluster, client);
        empty(client, startWarmUpSeconds);
        List<Measurement> before = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            before.add(empty(client, seconds));
        }
        long heapBefore = leader.liveHeapBytes();
        AsyncJobQueue full = queue(client, 2L * jobs);
        long filledAt = System.nanoTime();
        fill(full);
        double fillSeconds = (System.nanoTime() - filledAt) / 1e9;
        List<Measurement> beside = new ArrayList<>();
        List<Measurement> there = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            there.add(submit(full, seconds));
            beside.add(empty(client, seconds));
        }
        leader.requireStillServing(client);
        long waiting = full.inspect()
                .toCompletableFuture()
                .get()
                .orElseThrow()
                .summary()
                .waiting();
        // Last, since a full collection of so much may take as long as followers wait for a leader.
        long heapAfter = leader.liveHeapBytes();
        out.printf(LINE, "submissions, " + inFlight + " in flight", "a second", "p50 µs", "p99 µs");
        line(out, "to an empty queue", before);
        line(out, String.format(Locale.ROOT, "to one in which %,d wait", jobs), there);
        line(out, "to an empty one beside it", beside);
        out.printf(
                Locale.ROOT,
                "To the full one: %.2f of those to an empty queue before it was filled, %.2f of those to one beside"
                        + " it.%n",
                rate(there) / rate(before),
                rate(there) / rate(beside));
        out.printf(
                Locale.ROOT,
                "%,d jobs were submitted in %.1f s, %,d at a time. Live heap of the leader: %.1f MiB before, %.1f MiB"
                        + " in the end, %,d bytes for each of the %,d that wait then.%n",
                jobs,
                fillSeconds,
                BATCH,
                heapBefore / MIB,
                heapAfter / MIB,
                (heapAfter - heapBefore) / waiting,
                waiting);
        out.printf(
                Locale.ROOT,
                "The last snapshot of the leader took %.1f s in the background, and no snapshot kept entries waiting"
                        + " for more than %.4f s.%n",
                leader.figure("coordinator_snapshot_last_seconds"),
                leader.figure("coordinator_snapshot_capture_max_seconds"));
        out.printf(
                Locale.ROOT,
                "A follower that was killed was ready %.1f s after its start.%n",
                leader.restartFollower(PATIENCE).toMillis() / 1e3);
        if (errors > 0) {
            out.println("FAILED: " + errors + " submissions");
        }
        out.flush();
    }

    private AsyncJobQueue queue(CoordinatorClient client, long most) throws Exception {
        AsyncJobQueue queue = client.async().jobs("waiting-" + ++queues);
        queue.configure(QueueOptions.defaults().withJobsMax((int) Math.min(most, Integer.MAX_VALUE)))
                .toCompletableFuture()
                .get();
        return queue;
    }

    /** Submits to a queue of its own, which is deleted afterwards. */
    private Measurement empty(CoordinatorClient client, double time) throws Exception {
        AsyncJobQueue queue = queue(client, 1_000_000);
        Measurement found = submit(queue, time);
        queue.delete().toCompletableFuture().get();
        return found;
    }

    private Measurement submit(AsyncJobQueue queue, double time) throws Exception {
        TextNode payload = payload();
        Measurement found = Repeated.during(
                        () -> queue.submit(payload),
                        inFlight,
                        List.of(Phase.of(duration(time / 5)), Phase.of(duration(time))))
                .get(1);
        errors += found.errors();
        return found;
    }

    private void fill(AsyncJobQueue queue) throws Exception {
        NewJobSpec job = NewJobSpec.of(payload());
        List<Integer> sizes = IntStream.range(0, (jobs + BATCH - 1) / BATCH)
                .mapToObj(i -> Math.min(BATCH, jobs - i * BATCH))
                .toList();
        FewAtATime.forEach(sizes, size -> queue.submitAll(Collections.nCopies(size, job)), 8, PATIENCE);
    }

    private TextNode payload() {
        return TextNode.valueOf("x".repeat(payloadBytes - 2));
    }

    private static Duration duration(double time) {
        return Duration.ofMillis(Math.round(time * 1_000));
    }

    private static void line(PrintWriter out, String name, List<Measurement> all) {
        out.printf(
                LINE,
                name,
                String.format(Locale.ROOT, "%,.0f", rate(all)),
                String.format(Locale.ROOT, "%,.0f", Medians.of(all, Measurement::p50Micros)),
                String.format(Locale.ROOT, "%,.0f", Medians.of(all, Measurement::p99Micros)));
    }

    private static double rate(List<Measurement> all) {
        return Medians.of(all, Measurement::opsPerSecond);
    }
}
