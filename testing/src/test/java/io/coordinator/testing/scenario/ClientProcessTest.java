package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that die or stand still with something in their hands. */
@CoordinatorCluster
class ClientProcessTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    /** A keep-alive is sent every third of the lease, so the cluster's count began at most that long before a death. */
    private static final Duration HANDED_OVER_MIN =
            LEASE.multipliedBy(2).dividedBy(3).minusMillis(100);

    private static final Duration HANDED_OVER_MAX = LEASE.plusSeconds(3);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature({"S-34", "PM-LOCK-4", "B-01"})
    void aClientThatIsKilledHandsEverythingOverWhenItsLeaseEnds(Cluster cluster, CoordinatorClient client) {
        JavaProcess holder =
                worker(cluster, "holder", "lock=s34k-1", "lock=s34k-2", "lock=s34k-3", "build=s34k,1,60000", "ready");
        Waiting.await("everything is held")
                .until(() -> WorkerOutput.count(holder, "locked") == 3 && WorkerOutput.count(holder, "building") == 1);
        List<CompletableFuture<?>> heirs = new ArrayList<>();
        heirs.add(client.async()
                .builds()
                .getOrBuildAsync("s34k", String.class, context -> "heir", Duration.ofSeconds(30))
                .toCompletableFuture());
        for (String name : List.of("s34k-1", "s34k-2", "s34k-3")) {
            heirs.add(client.async().lock(name).acquire().toCompletableFuture());
        }
        Waiting.await("the heirs wait")
                .until(() -> client.lock("s34k-3").inspect().waiters().size() == 1);
        long killed = System.nanoTime();
        holder.kill();
        heirs.forEach(Waiting::get);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isBetween(HANDED_OVER_MIN, HANDED_OVER_MAX);
        assertThat(client.builds().get("s34k", String.class)).isEqualTo("heir");
    }

    @Test
    @Feature({"S-79", "S-27", "G-13", "PM-FENCE-2"})
    void aHolderThatStoodStillPastItsLeaseWritesNothingMore(Cluster cluster, CoordinatorClient client) {
        try (JavaProcess holder = worker(cluster, "sleeper", "lock=s79", "guard=s79,s79-value")) {
            Waiting.await("it writes").until(() -> WorkerOutput.count(holder, "wrote") > 3);
            holder.pause();
            LockHandle next = client.lock("s79").acquire();
            client.cache().guardedBy(next.guard()).put("s79-value", "next");
            long wrote = WorkerOutput.count(holder, "wrote");
            holder.resume();
            Waiting.await("it is refused").until(() -> WorkerOutput.count(holder, "refused") > 3);
            Waiting.await("it knows its loss").until(() -> WorkerOutput.count(holder, "lost") == 1);
            // One answer may have come before the pause and been printed after it.
            assertThat(WorkerOutput.count(holder, "wrote")).isLessThanOrEqualTo(wrote + 1);
            assertThat(client.cache().get("s79-value").orElseThrow().value().textValue())
                    .isEqualTo("next");
            assertThat(WorkerOutput.lines(holder, "refused").toList())
                    .allMatch(line -> line.contains("EFENCED") || line.contains("ESESSION"));
            assertThat(next.isHeld()).isTrue();
        }
    }

    private JavaProcess worker(Cluster cluster, String name, String... steps) {
        return Worker.start(cluster.endpoints(), name, directory.resolve(name + ".log"), LEASE, List.of(steps));
    }
}
