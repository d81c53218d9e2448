package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.history.CounterModel;
import io.coordinator.testing.history.History;
import io.coordinator.testing.hostile.HostileMain;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Launch;
import io.coordinator.testing.workload.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every hostile behaviour and every amplifier against three nodes of 256 MB of heap each, beside well-behaved clients
 * whose history is checked: no node ends, the well-behaved are hardly slower, and all nodes come back with one state.
 *
 * <p>The hostile have machines of their own in real life. Here they have a process that runs when nobody else wants the
 * processor, so that what is measured is the work that they make for the nodes. The well-behaved leave some of the machine to them.
 *
 * <p>Five times a quiet p99 of some milliseconds is less than what one busy machine does to anybody, so a p99 below
 * {@link #P99_FLOOR} is never a failure.
 */
@Tag("alone")
class HostileRunTest {
    private static final Logger log = LoggerFactory.getLogger(HostileRunTest.class);
    private static final int TRAFFIC_CLIENTS = 2;
    private static final int P99_FACTOR = 5;
    private static final Duration P99_FLOOR = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration RESTART_MAX = Duration.ofSeconds(30);

    private static final int TALLY_LINES = 200;

    /** Half of the heap is state. With the usual third for what is young, it would nearly fill what is left. */
    private static final String STATE_LIVES_LONG = "-XX:NewRatio=5";

    /** Amplifiers of the short run are smaller, so that each has its turn in half a minute. */
    private static final double SHORT_SCALE = 0.2;

    @Test
    @Feature({"C-01", "C-02", "C-03", "C-04", "C-05", "C-06", "C-07", "C-08", "C-09"})
    void halfAMinuteOfHostilityHurtsNobodyElse(@TempDir Path directory) throws InterruptedException {
        run(Duration.ofSeconds(Long.getLong("hostile.seconds", 30)), SHORT_SCALE, directory);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    @Feature({"C-01", "C-02", "C-03", "C-04", "C-05", "C-06", "C-07", "C-08", "C-09"})
    void tenMinutesOfHostilityHurtNobodyElse(@TempDir Path directory) throws InterruptedException {
        run(Duration.ofMinutes(Long.getLong("hostile.minutes", 10)), 1, directory);
    }

    private static void run(Duration time, double scale, Path directory) throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("hostile run of {}, repeat with -Dseed={}", time, seed);
        ClusterOptions options = ClusterOptions.defaults()
                .config("snapshot-dirty-rows", "20000")
                .launch(Launch.DEFAULT.withFlags("-Xmx256m", STATE_LIVES_LONG));
        try (ProcessCluster cluster = ProcessCluster.start(options)) {
            try {
                Path output = directory.resolve("hostile.log");
                check(cluster, output, time, scale, seed);
            } catch (AssertionError | RuntimeException e) {
                e.addSuppressed(new AssertionError("the nodes printed last:\n" + cluster.output()));
                throw e;
            }
        }
    }

    private static void check(ProcessCluster cluster, Path output, Duration time, double scale, long seed)
            throws InterruptedException {
        History<CounterModel.Add, Long> counters = new History<>("counters of the pulse, -Dseed=" + seed);
        Traffic traffic = new Traffic("good", seed, PACE);
        CoordinatorClient timed = cluster.client(HostileRunTest::patient);
        beat(cluster, new Pulse(timed, "warm-up", counters), traffic, WARM_UP, seed);
        Pulse quiet = new Pulse(timed, "quiet", counters);
        beat(cluster, quiet, traffic, QUIET, seed + 1);
        log.info("quiet: {}", quiet);

        Pulse beside = new Pulse(timed, "beside", counters);
        try (JavaProcess hostile = hostile(cluster, output, time, scale, seed)) {
            beat(cluster, beside, traffic, time, seed + 2);
            Waiting.await("the hostile are done").until(() -> !hostile.isAlive());
            String tally = hostile.tail(TALLY_LINES);
            log.info("beside hostile clients: {}\n{}", beside, tally);
            assertThat(hostile.awaitExit()).as("exit code of the hostile").isZero();
            HostileMain.names().forEach(name -> assertThat(tally).contains(name + ": runs"));
        }
        assertThat(cluster.alive()).as("nodes alive").isEqualTo(cluster.nodes());
        counters.assertLinearizable(new CounterModel(), Duration.ofSeconds(60));
        traffic.finish(timed);
        traffic.check();
        assertRestart(cluster);
        assertThat(beside.percentile(99))
                .as("p99 beside hostile clients (%s), at most %d times that without (%s)", beside, P99_FACTOR, quiet)
                .isLessThanOrEqualTo(max(P99_FLOOR, quiet.percentile(99).multipliedBy(P99_FACTOR)));
        assertThat(beside.failures()).as("failed calls of %s", beside).isLessThanOrEqualTo(beside.calls() / 100);
    }

    private static ClientConfig.Builder patient(ClientConfig.Builder settings) {
        return settings.sessionLease(Duration.ofSeconds(10)).requestTimeout(Duration.ofSeconds(10));
    }

    private static JavaProcess hostile(ProcessCluster cluster, Path output, Duration time, double scale, long seed) {
        String addresses = cluster.nodes().stream().map(cluster::clientAddress).collect(Collectors.joining(","));
        return JavaProcess.start(
                "hostile",
                output,
                Launch.DEFAULT.whenIdle(),
                HostileMain.class,
                List.of(addresses, Long.toString(seed), Long.toString(time.toSeconds()), Double.toString(scale)));
    }

    /** Lets the pulse beat and the others use the cluster for so long, or until a node ends. */
    private static void beat(ProcessCluster cluster, Pulse pulse, Traffic traffic, Duration time, long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        long endNanos = System.nanoTime() + time.toNanos();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(TRAFFIC_CLIENTS + 1);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            running.add(CompletableFuture.runAsync(() -> pulse.run(stop), threads));
            for (int i = 0; i < TRAFFIC_CLIENTS; i++) {
                CoordinatorClient client = cluster.client(HostileRunTest::patient);
                String name = "good-" + seed + "-" + i;
                Random own = new Random(random.nextLong());
                running.add(CompletableFuture.runAsync(() -> traffic.run(client, name, own, endNanos), threads));
            }
            while (System.nanoTime() - endNanos < 0) {
                assertThat(cluster.alive()).as("nodes alive, seed %d", seed).isEqualTo(cluster.nodes());
                TimeUnit.MILLISECONDS.sleep(200);
            }
            stop.set(true);
            running.forEach(Waiting::get);
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    private static void assertRestart(ProcessCluster cluster) {
        cluster.awaitEqualDigests();
        cluster.nodes().forEach(cluster::kill);
        long start = System.nanoTime();
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
        for (String node : cluster.nodes()) {
            Waiting.await(node + " is ready")
                    .until(() -> cluster.status(node)
                            .filter(NodeStatusReply::getReady)
                            .isPresent());
        }
        Duration restart = Duration.ofNanos(System.nanoTime() - start);
        log.info("all nodes restarted in {}", restart);
        assertThat(restart).as("restart of all nodes").isLessThan(RESTART_MAX);
        cluster.awaitEqualDigests();
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
