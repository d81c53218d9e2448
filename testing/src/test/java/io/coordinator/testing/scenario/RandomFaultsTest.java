package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Random traffic under random kills, pauses and partitions: whatever clients saw, one order explains it. */
@CoordinatorCluster(processes = true, config = "snapshot-dirty-rows=500")
@Tag("alone")
class RandomFaultsTest {
    private static final Logger log = LoggerFactory.getLogger(RandomFaultsTest.class);
    private static final int CLIENTS = 5;

    @Test
    @Feature({"S-74", "B-18", "G-2", "B-09"})
    void aShortRunIsLinearizable(ProcessCluster cluster) throws InterruptedException {
        run(cluster, Duration.ofSeconds(30));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 2, unit = java.util.concurrent.TimeUnit.HOURS)
    @Feature({"S-74", "B-18", "G-2"})
    void aLongRunIsLinearizable(ProcessCluster cluster) throws InterruptedException {
        run(cluster, Duration.ofMinutes(Long.getLong("soak.minutes", 10)));
    }

    private static void run(ProcessCluster cluster, Duration duration) throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("random faults for {}, repeat with -Dseed={}", duration, seed);
        Random random = new Random(seed);
        long endNanos = System.nanoTime() + duration.toNanos();
        String prefix = "faults-" + Math.abs(seed % 1_000_000);
        Traffic traffic = new Traffic(prefix, seed);
        WatchRecord watch = WatchRecord.start(cluster.client(), prefix + "-entry");
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                // Some sessions outlive every fault, others are lost and replaced.
                Duration lease = Duration.ofSeconds(2 + 4L * i);
                CoordinatorClient client = cluster.client(settings ->
                        settings.requestTimeout(Duration.ofSeconds(3)).sessionLease(lease));
                Random own = new Random(random.nextLong());
                String name = "c" + i;
                clients.add(CompletableFuture.runAsync(() -> traffic.run(client, name, own, endNanos), threads));
            }
            int faults = new Nemesis(cluster, new Random(random.nextLong())).run(endNanos);
            clients.forEach(Waiting::get);
            log.info("{} faults; {} answered; {}", faults, traffic.answered(), traffic);
        } finally {
            threads.shutdownNow();
        }
        cluster.client().cache().put(prefix + "-entry-last", 1);
        watch.await(prefix + "-entry-last");
        watch.check(traffic.entryOperations(), "watch, seed " + seed);
        traffic.check();
        cluster.awaitEqualDigests();
        assertThat(traffic.answered())
                .as("enough was answered to mean something")
                .isGreaterThan(200);
    }
}
