package io.coordinator.testing.workload;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.DirectoryTrees;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.fault.FaultyLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random use of every data type under random faults, on three nodes in processes of their own.
 *
 * @param seed of all that is random; the machine still decides what meets what
 * @param clients how many sessions, each of them with four threads
 */
public record Run(Duration duration, long seed, int clients) {
    private static final Logger log = LoggerFactory.getLogger(Run.class);
    private static final List<String> NODES = List.of("n1", "n2", "n3");
    private static final int THREADS_PER_CLIENT = 4;
    private static final Duration CONNECTED_MAX = Duration.ofMinutes(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RESUME_EVERY = Duration.ofSeconds(2);
    private static final Duration TELL_EVERY = Duration.ofSeconds(30);
    private static final Duration END_MAX = Duration.ofSeconds(60);

    /** Runs, checks and reports. */
    public Report go() throws Exception {
        Path directory = Files.createTempDirectory("histories");
        try {
            Optional<FaultyLibrary> library = library(directory);
            ClusterOptions options = ClusterOptions.defaults().config("snapshot-dirty-rows", "500");
            try (ProcessCluster cluster = ProcessCluster.start(
                    library.map(faulty -> options.launch(faulty.launch())).orElse(options))) {
                return on(cluster, library);
            }
        } finally {
            DirectoryTrees.delete(directory);
        }
    }

    private static Optional<FaultyLibrary> library(Path directory) throws IOException, InterruptedException {
        if (FaultyLibrary.isAvailable()) {
            return Optional.of(FaultyLibrary.compile(directory, NODES));
        }
        log.warn("no C compiler here: no slow disks, no broken disks, no clocks that jump");
        return Optional.empty();
    }

    private Report on(ProcessCluster cluster, Optional<FaultyLibrary> library) throws Exception {
        Random random = new Random(seed);
        CoordinatorClient steady = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        ClientLinks links = cluster.clientLinks("cut-off");
        List<CoordinatorClient> users = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            users.add(client(cluster, links, i));
        }
        Faults faults = new Faults(cluster, steady, links, library, new Random(random.nextLong()));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Traffic traffic = new Traffic("run-" + Math.abs(seed % 1_000_000), seed, Duration.ZERO)) {
            // The session of the second ends now and then, which its watches outlive.
            traffic.watch(steady, cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(3))));
            resumeWatches(timer, traffic);
            tellProgress(timer, traffic);
            Duration time = use(users, traffic, faults, random);
            timer.shutdownNow();
            if (!traffic.checks().hasViolations()) {
                traffic.finish(steady);
                compareStates(cluster, traffic.checks());
            }
            traffic.checks().close();
            return Report.of(this, traffic, faults, time);
        } finally {
            timer.shutdownNow();
        }
    }

    private static void resumeWatches(ScheduledExecutorService timer, Traffic traffic) {
        var unused = timer.scheduleWithFixedDelay(
                traffic::resumeWatches, RESUME_EVERY.toSeconds(), RESUME_EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    private static void tellProgress(ScheduledExecutorService timer, Traffic traffic) {
        var unused = timer.scheduleAtFixedRate(
                () -> log.info("{} answered; {}", traffic.tally().answered(), traffic.checks()),
                TELL_EVERY.toSeconds(),
                TELL_EVERY.toSeconds(),
                TimeUnit.SECONDS);
    }

    private static void compareStates(ProcessCluster cluster, Checks checks) {
        try {
            cluster.awaitEqualDigests();
        } catch (AssertionError | ConditionTimeoutException e) {
            checks.add(new Violation("the states of the nodes differ: " + e.getMessage(), 1));
        }
    }

    /** Returns how long it took. */
    private Duration use(List<CoordinatorClient> users, Traffic traffic, Faults faults, Random random)
            throws Exception {
        long start = System.nanoTime();
        long endNanos = start + duration.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(clients * THREADS_PER_CLIENT);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < clients * THREADS_PER_CLIENT; i++) {
                CoordinatorClient user = users.get(i % clients);
                Random own = new Random(random.nextLong());
                String name = "c" + i % clients + "." + i / clients;
                running.add(CompletableFuture.runAsync(() -> traffic.run(user, name, own, endNanos), threads));
            }
            breakThings(faults, endNanos, traffic.checks(), running);
            for (CompletableFuture<Void> one : running) {
                one.get(END_MAX.toSeconds(), TimeUnit.SECONDS);
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void breakThings(Faults faults, long endNanos, Checks checks, List<CompletableFuture<Void>> running)
            throws Exception {
        try {
            faults.run(
                    endNanos,
                    () -> checks.hasViolations()
                            || running.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
        } catch (ConditionTimeoutException e) {
            checks.add(new Violation("the cluster did not come back: " + e.getMessage(), Integer.MAX_VALUE));
        }
    }

    /** Some sessions outlive every fault, others are lost and replaced; every third client can be cut off. */
    private static CoordinatorClient client(ProcessCluster cluster, ClientLinks links, int number) {
        Duration lease = Duration.ofSeconds(2 + 4L * (number % 5));
        Callable<CoordinatorClient> connecting = number % 3 == 0
                ? () -> cluster.client(links, settings -> with(settings, lease))
                : () -> cluster.client(settings -> with(settings, lease));
        // On a busy machine there may be no leader for longer than one call waits.
        return Awaitility.await("a session")
                .atMost(CONNECTED_MAX)
                .ignoreException(NoLeaderException.class)
                .until(connecting, connected -> true);
    }

    /** A call that waits for long keeps its thread from making others. */
    private static ClientConfig.Builder with(ClientConfig.Builder settings, Duration lease) {
        return settings.requestTimeout(REQUEST_TIMEOUT).sessionLease(lease);
    }
}
