package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.fault.LoopbackProxy;
import io.coordinator.testing.history.job.HandlerLine;
import io.coordinator.testing.history.job.HandlerLine.What;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * Jobs that write into tables of PostgreSQL, done by hosts that are killed and paused, whose connections to the
 * database break, in a cluster whose nodes fail too.
 *
 * @param fenced whether the writes ask for the token
 * @param directory for what the hosts write
 */
public record LedgerTrial(int jobs, Duration faultsFor, long seed, boolean fenced, Path directory) {
    private static final Duration END_MAX = Duration.ofMinutes(2);
    private static final int BATCH = 500;

    /**
     * What came of it.
     *
     * @param problems what cannot be; empty if all is well
     * @param begun how many attempts handlers began
     * @param refusedByTables how many writes of attempts that were given up the tables refused
     * @param broken how many attempts lost their connection to the database
     * @param faults how often each was tried
     */
    public record Result(List<String> problems, long begun, long refusedByTables, long broken, String faults) {}

    /** Runs and checks. */
    public Result go() throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                LoopbackProxy proxy = LoopbackProxy.start("postgres", postgres.address());
                ProcessCluster cluster = ProcessCluster.start(ClusterOptions.defaults());
                Connection database = postgres.connect()) {
            List<String> more = List.of(proxy.address(), fenced ? "fenced" : LedgerHost.UNFENCED);
            ClientLinks links = cluster.clientLinks("hosts");
            TrialHosts.Program program = new TrialHosts.Program(LedgerHost.class, seed, more);
            try (TrialHosts hosts = new TrialHosts(cluster, links, program, directory)) {
                LedgerTables.create(database, ids());
                CoordinatorClient steady = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
                JobQueue queue = steady.jobs(LedgerHost.QUEUE);
                queue.configure(TrialQueue.PLAIN.options(jobs));
                hosts.startAll();
                hosts.awaitWorkers(queue);
                submit(queue);
                String faults = breakAll(cluster, steady, hosts, links, proxy);
                awaitEnd(queue);
                hosts.finish();
                List<String> problems = new ArrayList<>();
                Map<String, Long> completed = completed(queue, problems);
                problems.addAll(LedgerTables.problems(database, completed));
                return result(problems, hosts.lines(), faults);
            }
        }
    }

    private List<String> ids() {
        return IntStream.range(0, jobs).mapToObj(i -> "order-" + i).toList();
    }

    /** They become due one after the other, over the time of the faults. */
    private void submit(JobQueue queue) {
        List<String> ids = ids();
        for (int from = 0; from < jobs; from += BATCH) {
            List<NewJobSpec> batch = new ArrayList<>();
            for (int i = from; i < Math.min(jobs, from + BATCH); i++) {
                Duration due = faultsFor.multipliedBy(i + 1L).dividedBy(jobs);
                batch.add(new NewJobSpec(
                        null, SubmitOptions.defaults().withId(ids.get(i)).withDelay(due)));
            }
            queue.submitAll(batch);
        }
    }

    private String breakAll(
            ProcessCluster cluster, CoordinatorClient steady, TrialHosts hosts, ClientLinks links, LoopbackProxy proxy)
            throws Exception {
        long endNanos = System.nanoTime() + faultsFor.toNanos();
        HostFaults hostFaults = new HostFaults(hosts, links, new Random(seed + 1));
        CompletableFuture<Void> breaking = CompletableFuture.runAsync(() -> hostFaults.run(endNanos));
        CompletableFuture<Void> cutting = CompletableFuture.runAsync(() -> cut(proxy, endNanos));
        Faults faults = new Faults(cluster, steady, cluster.clientLinks("nobody"), Optional.empty(), new Random(seed));
        faults.run(endNanos, () -> breaking.isCompletedExceptionally() || cutting.isCompletedExceptionally());
        for (CompletableFuture<Void> one : List.of(breaking, cutting)) {
            one.get(END_MAX.toSeconds(), TimeUnit.SECONDS);
        }
        return faults.counts() + " " + hostFaults.counts();
    }

    /** Breaks the connections to the database in the midst of what handlers do. */
    private void cut(LoopbackProxy proxy, long endNanos) {
        Random random = new Random(seed + 2);
        try {
            while (System.nanoTime() - endNanos < 0) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200, 1_500));
                if (random.nextInt(3) == 0) {
                    proxy.stall();
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(200, 1_000));
                    proxy.heal();
                }
                proxy.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connections are broken", e);
        }
    }

    private static void awaitEnd(JobQueue queue) {
        Awaitility.await("all jobs are over")
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(CoordinatorException.class)
                .untilAsserted(() -> {
                    QueueSummary summary = queue.inspect().orElseThrow().summary();
                    Assertions.assertThat(summary.delayed() + summary.waiting() + summary.running())
                            .as("%s", summary)
                            .isZero();
                });
    }

    /** The results of the jobs are the tokens of those who completed them. */
    private Map<String, Long> completed(JobQueue queue, List<String> problems) {
        Map<String, Long> tokens = new HashMap<>();
        for (String id : ids()) {
            Optional<JobStatus> job = queue.job(id).inspect();
            if (job.isPresent() && job.get().state() == JobState.SUCCEEDED) {
                tokens.put(id, job.get().result().orElseThrow().asLong());
            } else {
                problems.add(id + " was not done: " + job);
            }
        }
        return tokens;
    }

    private static Result result(List<String> problems, List<HandlerLine> lines, String faults) {
        long begun = lines.stream().filter(line -> line.what() == What.BEGUN).count();
        long refused = lines.stream()
                .filter(line -> line.text().equals(LedgerHost.BY_TABLE))
                .count();
        long broken = lines.stream().filter(line -> line.what() == What.THROWN).count();
        return new Result(problems, begun, refused, broken, faults);
    }
}
