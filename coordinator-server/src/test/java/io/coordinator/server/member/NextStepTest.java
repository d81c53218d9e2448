package io.coordinator.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.raft.Electorate;
import io.coordinator.testing.feature.Feature;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The way from any electorate to any other is safe at each step, and ends. */
@Feature("B-12")
class NextStepTest {
    private static final int PEERS = 8;
    private static final int TRIALS = 20_000;
    private static final int STEPS_MAX = 4 * PEERS;

    @Test
    void everyWayEndsWhereItShallAndNoStepIsTooLong() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int trial = 0; trial < TRIALS; trial++) {
            Electorate start = any(random);
            Electorate wanted = any(random);
            String self = start.voters().stream().sorted().findFirst().orElseThrow();
            walk(start, wanted, self, "seed " + seed + ", from " + start + " to " + wanted);
        }
    }

    private static void walk(Electorate start, Electorate wanted, String self, String told) {
        Electorate now = start;
        for (int steps = 0; steps <= STEPS_MAX; steps++) {
            Optional<Electorate> next = NextStep.of(now, wanted, self);
            if (next.isEmpty()) {
                Set<String> voters = new HashSet<>(wanted.voters());
                voters.add(self);
                Set<String> listeners = new HashSet<>(wanted.listeners());
                listeners.remove(self);
                assertThat(now.voters()).as(told).isEqualTo(voters);
                assertThat(now.listeners()).as(told).isEqualTo(listeners);
                return;
            }
            requireSafe(now, next.get(), self, told);
            now = next.get();
        }
        throw new AssertionError("no end after " + STEPS_MAX + " steps: " + told);
    }

    private static void requireSafe(Electorate now, Electorate next, String self, String told) {
        assertThat(next.voters()).as("who leads stays; %s", told).contains(self);
        Set<String> kept = new HashSet<>(next.voters());
        kept.retainAll(now.voters());
        Set<String> come = new HashSet<>(next.voters());
        come.removeAll(now.voters());
        assertThat(come).as("one vote at a time; %s", told).hasSizeLessThanOrEqualTo(1);
        assertThat(now.listeners())
                .as("nobody votes who has not listened; %s", told)
                .containsAll(come);
        assertThat(kept.size()).as("who came is no majority; %s", told).isGreaterThanOrEqualTo(come.size());
        assertThat(now.voters().size() - kept.size())
                .as("one vote goes at a time; %s", told)
                .isLessThanOrEqualTo(1);
        assertThat(next.listeners()).as("each has one part; %s", told).doesNotContainAnyElementsOf(next.voters());
        assertThat(next).as("something changes; %s", told).isNotEqualTo(now);
    }

    private static Electorate any(Random random) {
        Set<String> voters = new HashSet<>(Set.of("p" + random.nextInt(PEERS)));
        Set<String> listeners = new HashSet<>();
        for (int peer = 0; peer < PEERS; peer++) {
            switch (random.nextInt(3)) {
                case 0 -> voters.add("p" + peer);
                case 1 -> listeners.add("p" + peer);
                default -> {}
            }
        }
        return new Electorate(
                voters,
                listeners.stream().filter(peer -> !voters.contains(peer)).collect(Collectors.toSet()),
                true);
    }
}
