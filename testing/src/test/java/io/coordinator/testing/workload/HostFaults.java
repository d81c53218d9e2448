package io.coordinator.testing.workload;

import io.coordinator.testing.ClientLinks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kills, pauses and cuts off hosts that do jobs, one after the other, while nodes have faults of their own. */
final class HostFaults {
    private static final Logger log = LoggerFactory.getLogger(HostFaults.class);

    /** What happens to a host. */
    enum Kind {
        KILL,
        /** Longer than its session lives. */
        PAUSE,
        /** Longer than its attempts last, and shorter than its session lives. */
        PAUSE_LASTING,
        /** As long; what it says meanwhile arrives late. */
        CUT_LASTING
    }

    private final TrialHosts hosts;
    private final ClientLinks links;
    private final Random random;
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Deque<Kind> next = new ArrayDeque<>();

    HostFaults(TrialHosts hosts, ClientLinks links, Random random) {
        this.hosts = hosts;
        this.links = links;
        this.random = random;
    }

    /** Goes on until {@code endNanos}; then all hosts are up and reach the nodes. */
    void run(long endNanos) {
        try {
            while (System.nanoTime() - endNanos < 0) {
                if (next.isEmpty()) {
                    List<Kind> all = new ArrayList<>(List.of(Kind.values()));
                    Collections.shuffle(all, random);
                    next.addAll(all);
                }
                Kind kind = next.remove();
                strike(kind);
                counts.merge(kind, 1, Integer::sum);
                pause(300, 1_200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hosts are broken", e);
        }
    }

    /** How often each was tried. */
    Map<Kind, Integer> counts() {
        return counts;
    }

    private void strike(Kind kind) throws InterruptedException {
        List<String> others = hosts.names().stream()
                .filter(host -> !host.equals(TrialHosts.LASTING))
                .toList();
        boolean ofLasting = kind == Kind.PAUSE_LASTING || kind == Kind.CUT_LASTING;
        String victim = ofLasting ? TrialHosts.LASTING : others.get(random.nextInt(others.size()));
        log.info("{} {}", kind, victim);
        switch (kind) {
            case KILL -> {
                hosts.kill(victim);
                pause(100, 1_000);
                hosts.start(victim);
            }
            case PAUSE -> pause(victim, 2_500, 4_000);
            case PAUSE_LASTING -> pause(victim, 1_600, 2_500);
            case CUT_LASTING -> {
                links.isolate();
                pause(1_600, 2_500);
                links.heal();
            }
        }
    }

    private void pause(String host, int fromMillis, int toMillis) throws InterruptedException {
        hosts.pause(host);
        try {
            pause(fromMillis, toMillis);
        } finally {
            hosts.resume(host);
        }
    }

    private void pause(int fromMillis, int toMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(fromMillis, toMillis));
    }
}
