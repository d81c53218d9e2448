package io.coordinator.testing.scenario;

import io.coordinator.testing.ProcessCluster;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Breaks one thing after the other, so that a majority can always go on or come back soon. */
final class Nemesis {
    private static final Logger log = LoggerFactory.getLogger(Nemesis.class);

    private final ProcessCluster cluster;
    private final Random random;

    Nemesis(ProcessCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Breaks and heals until {@code endNanos}, then repairs everything. */
    int run(long endNanos) throws InterruptedException {
        int faults = 0;
        while (System.nanoTime() - endNanos < 0) {
            strike();
            faults++;
            cluster.repair();
            pause(500, 1_500);
        }
        return faults;
    }

    private void strike() throws InterruptedException {
        // The leader more often than others: most of what can go wrong goes wrong there.
        String victim = random.nextInt(3) > 0 ? cluster.awaitLeader() : any(cluster.nodes());
        String other = any(
                cluster.nodes().stream().filter(node -> !node.equals(victim)).toList());
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                log.info("kill {}", victim);
                cluster.kill(victim);
                pause(500, 2_500);
            }
            case 2, 3 -> {
                log.info("pause {}", victim);
                cluster.pause(victim);
                pause(500, 3_000);
                cluster.resume(victim);
            }
            case 4 -> {
                log.info("isolate {}", victim);
                cluster.peers().isolate(victim);
                pause(1_000, 3_500);
            }
            case 5 -> {
                log.info("cut what {} sends to {}", victim, other);
                cluster.peers().cutOneWay(victim, other);
                pause(1_000, 3_000);
            }
            default -> {
                log.info("kill all");
                cluster.nodes().forEach(cluster::kill);
                pause(100, 500);
            }
        }
    }

    private String any(List<String> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void pause(int fromMillis, int toMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(fromMillis, toMillis));
    }
}
