package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Role;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.TestCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leaders that change just when schedules fire: by a hand-over, a death, or a cut after which two believe to lead. */
@CoordinatorCluster
@Feature({"B-41", "EL-USE-2"})
class FiringFailoverTest {
    private static final int SCHEDULES = 5;
    private static final int SECOND_MILLIS = 1_000;
    /** A change comes at most so long before or after the second. */
    private static final int AROUND_MILLIS = 100;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int handOvers;
    private int deaths;
    private int cuts;
    private int twoLeaders;

    @Test
    void eachTimeFiresOnceHoweverLeadersChangeAtThatMoment(TestCluster cluster) {
        changeLeaders(cluster, "few", 8);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void eachTimeFiresOnceAlsoOverManyChanges(TestCluster cluster) {
        changeLeaders(cluster, "many", 300);
        assertThat(twoLeaders).as("times at which two believed that they lead").isPositive();
    }

    private void changeLeaders(TestCluster cluster, String queue, int rounds) {
        System.out.println("FiringFailoverTest runs with -Dseed=" + seed);
        try (FiredJobs fired = FiredJobs.of(cluster, queue)) {
            List<String> schedules =
                    IntStream.range(0, SCHEDULES).mapToObj(i -> queue + i).toList();
            schedules.forEach(fired::begin);
            for (int i = 0; i < rounds; i++) {
                change(cluster, i);
            }
            fired.awaitMore(schedules.get(0), 3);
            schedules.forEach(fired::endedWithMissesCounted);
            assertThat(handOvers).isPositive();
            System.out.printf(
                    "%d firings of each schedule, %d hand-overs, %d deaths, %d cuts, %d with two leaders%n",
                    fired.times(schedules.get(0)).size(), handOvers, deaths, cuts, twoLeaders);
        }
    }

    private void change(TestCluster cluster, int round) {
        String leader = cluster.awaitLeader();
        awaitSecond(cluster.clock(leader).getAsLong());
        switch (round % 4) {
            case 1 -> {
                cluster.kill(leader);
                cluster.awaitLeaderOtherThan(leader);
                cluster.start(leader);
                deaths++;
            }
            case 3 -> {
                cluster.peers().isolate(leader);
                boolean[] both = new boolean[1];
                Waiting.await("another leader").until(() -> {
                    boolean other = cluster.leader()
                            .filter(node -> !node.equals(leader))
                            .isPresent();
                    both[0] |= other && leads(cluster, leader);
                    return other;
                });
                twoLeaders += both[0] ? 1 : 0;
                cluster.peers().heal();
                cuts++;
            }
            default -> handOvers += isHandedOver(cluster, leader) ? 1 : 0;
        }
    }

    /** One that comes at a bad moment may not succeed in time; then the same node leads on. */
    private static boolean isHandedOver(TestCluster cluster, String leader) {
        try {
            cluster.server(leader).transferLeadership(Optional.empty(), Duration.ofSeconds(10));
            return true;
        } catch (IllegalStateException e) {
            System.out.println("no hand-over: " + e.getMessage());
            return false;
        }
    }

    private void awaitSecond(long nowMillis) {
        long left = SECOND_MILLIS - nowMillis % SECOND_MILLIS;
        long around = (long) random.nextInt(2 * AROUND_MILLIS + 1) - AROUND_MILLIS;
        Waiting.pass(Duration.ofMillis(Math.max(0, left + around)));
    }

    private static boolean leads(TestCluster cluster, String node) {
        return cluster.status(node)
                .filter(status -> status.getRole() == Role.LEADER)
                .isPresent();
    }
}
