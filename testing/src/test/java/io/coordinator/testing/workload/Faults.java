package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.fault.FaultyLibrary;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks one thing after the other, and mends it, so that a majority can always go on or come back soon. Each kind has its
 * turn before any has the next.
 */
final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final ProcessCluster cluster;
    private final CoordinatorClient admin;
    private final ClientLinks links;
    private final Optional<FaultyLibrary> library;
    private final Random random;
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private final Deque<Fault> next = new ArrayDeque<>();

    /** @param links through which some of the clients reach the nodes */
    Faults(
            ProcessCluster cluster,
            CoordinatorClient admin,
            ClientLinks links,
            Optional<FaultyLibrary> library,
            Random random) {
        this.cluster = cluster;
        this.admin = admin;
        this.links = links;
        this.library = library;
        this.random = random;
    }

    /** Breaks and mends until {@code endNanos}, or until there is no use in going on; then all is whole. */
    void run(long endNanos, BooleanSupplier stop) throws InterruptedException, IOException {
        pause(500, 1_500);
        while (System.nanoTime() - endNanos < 0 && !stop.getAsBoolean()) {
            Fault fault = next();
            strike(fault);
            counts.merge(fault, 1, Integer::sum);
            mend();
            pause(1_000, 3_000);
        }
    }

    /** How often each was tried. */
    Map<Fault, Integer> counts() {
        return counts;
    }

    private Fault next() {
        if (next.isEmpty()) {
            List<Fault> all = new ArrayList<>(Stream.of(Fault.values())
                    .filter(fault -> library.isPresent() || !fault.needsLibrary())
                    .toList());
            Collections.shuffle(all, random);
            next.addAll(all);
        }
        return next.remove();
    }

    private void strike(Fault fault) throws InterruptedException, IOException {
        // The leader more often than others: most of what can go wrong goes wrong there.
        String victim = fault == Fault.KILL_LEADER || (fault != Fault.KILL_ANY && random.nextInt(3) > 0)
                ? cluster.awaitLeader()
                : any(cluster.nodes());
        log.info("{} {}", fault, victim);
        switch (fault) {
            case KILL_LEADER, KILL_ANY -> {
                cluster.kill(victim);
                pause(300, 2_000);
            }
            case KILL_ALL -> {
                cluster.nodes().forEach(cluster::kill);
                pause(100, 500);
            }
            case PAUSE -> {
                cluster.pause(victim);
                pause(500, 2_500);
                cluster.resume(victim);
            }
            case ISOLATE -> {
                cluster.peers().isolate(victim);
                pause(1_000, 2_500);
            }
            case CUT_ONE_WAY -> {
                cluster.peers().cutOneWay(victim, other(victim));
                pause(1_000, 2_500);
            }
            case CUT_CLIENTS -> {
                links.isolate();
                pause(500, 3_500);
            }
            case LOSE_REPLIES -> {
                links.dropReplies();
                pause(200, 800);
            }
            case TRANSFER -> Parts.attempt(admin::transferLeadership);
            case SLOW_DISK -> {
                library.orElseThrow().slowDisk(victim, Duration.ofMillis(random.nextInt(200, 2_000)));
                pause(1_500, 3_000);
            }
            case BROKEN_DISK -> breakDisk(victim);
            case CLOCK_JUMP -> jump(victim);
        }
    }

    /** It ends by itself, as soon as it wants to write. */
    private void breakDisk(String victim) throws IOException {
        library.orElseThrow().breakDisk(victim);
        Awaitility.await(victim + " stops because its disk fails")
                .atMost(STOP_MAX)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !cluster.alive().contains(victim));
    }

    private void jump(String victim) throws IOException, InterruptedException {
        for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
            library.orElseThrow().setClock(victim, jump);
            pause(200, 800);
        }
    }

    private void mend() throws IOException {
        links.heal();
        if (library.isPresent()) {
            for (String node : cluster.nodes()) {
                library.get().slowDisk(node, Duration.ZERO);
                library.get().setClock(node, Duration.ZERO);
            }
        }
        cluster.repair();
    }

    private String other(String victim) {
        return any(cluster.nodes().stream().filter(node -> !node.equals(victim)).toList());
    }

    private String any(List<String> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void pause(int fromMillis, int toMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(fromMillis, toMillis));
    }
}
