package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Schedules on three nodes: a leader that is killed, and very many that are due at once. */
@CoordinatorCluster
@Feature({"B-41", "EL-USE-2"})
class ScheduleScenariosTest {
    private static final int MANY = 10_000;

    /** Each time at most once; those that are missing were missed by more than the grace, and are counted. */
    @Test
    void aScheduleOfEverySecondOutlivesItsLeader(Cluster cluster, CoordinatorClient client) {
        Queue<Instant> fired = new ConcurrentLinkedQueue<>();
        try (Subscription watch = client.watch(WatchOptions.key(ChangeEvent.Data.SCHEDULE, "tick"), change -> {
            if (change.kind() == ChangeEvent.Kind.FIRED) {
                fired.add(Instant.parse(change.value().orElseThrow().get("time").asText()));
            }
        })) {
            Waiting.get(watch.started());
            client.schedules().set("tick", ScheduleOptions.cron("* * * * * *").queue("ticks"));
            Waiting.await("three firings").until(() -> fired.size() >= 3);

            cluster.kill(cluster.awaitLeader());

            int before = fired.size();
            Waiting.await("five more").until(() -> fired.size() >= before + 5);
            client.schedules().pause("tick");
            ScheduleStatus status = client.schedules().get("tick").orElseThrow();
            Waiting.await("all that were told").until(() -> fired.size() >= status.fired());
            List<Instant> times = List.copyOf(fired);
            assertThat(times).doesNotHaveDuplicates().isSorted();
            assertThat(times).hasSize((int) status.fired());
            long seconds =
                    Duration.between(times.get(0), times.get(times.size() - 1)).toSeconds() + 1;
            assertThat(seconds - times.size()).as("missing").isEqualTo(status.misfired());
            assertThat(client.stats().count("jobs")).isEqualTo(times.size());
        }
    }

    /** They are fired within seconds, and others are not held up meanwhile. */
    @Test
    void tenThousandThatAreDueInOneSecondHoldNobodyUp(Cluster cluster, CoordinatorClient client) {
        cluster.awaitLeader();
        long jobs = client.stats().count("jobs");
        Instant date = Instant.now().plusSeconds(10);
        List<CompletableFuture<?>> set = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            ScheduleOptions once = ScheduleOptions.at(date).queue("many");
            set.add(client.async().schedules().set("t-" + i, once).toCompletableFuture());
        }
        set.forEach(Waiting::get);
        assertThat(Instant.now()).as("all are set before they are due").isBefore(date);
        long slowest = 0;
        while (client.stats().count("jobs") < jobs + MANY) {
            long begun = System.nanoTime();
            client.cache().put("meanwhile", begun);
            slowest = Math.max(slowest, System.nanoTime() - begun);
            assertThat(Instant.now()).as("all have fired by").isBefore(date.plusSeconds(20));
        }
        Duration took = Duration.between(date, Instant.now());
        System.out.printf("10,000 firings took %s, and the slowest put %s%n", took, Duration.ofNanos(slowest));
        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(5));
        assertThat(client.schedules().get("t-0").orElseThrow().fired()).isEqualTo(1);
    }
}
