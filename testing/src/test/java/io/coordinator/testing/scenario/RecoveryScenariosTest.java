package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Nodes that come back, with and without their disks. */
@CoordinatorCluster(config = {"snapshot-dirty-rows=2000", "snapshot-spacing-millis=200", "log-segment-bytes=1048576"})
class RecoveryScenariosTest {
    private static final int WRITES = 50_000;

    @Test
    @Feature({"S-75", "B-05"})
    void aNodeThatMissedThePurgedLogCatchesUpBySnapshot(Cluster cluster, CoordinatorClient client) {
        String down = cluster.followers().get(0);
        long missed = status(cluster, down).getAppliedIndex();
        cluster.kill(down);
        Load.write(client, "s75", WRITES, i -> i);
        for (String node : cluster.alive()) {
            // What a snapshot has made superfluous is purged with the next entry, and whole files only.
            Waiting.await("the begin of the log is purged").until(() -> {
                Load.write(client, "s75", 2_000, i -> i);
                return !Load.hasBeginOfLog(cluster.dataDirectory(node));
            });
        }
        cluster.start(down);
        cluster.awaitEqualDigests();
        assertThat(status(cluster, down).getSnapshotIndex()).isGreaterThan(missed);
        // It is a full member again: the others can spare one.
        String other = cluster.followers().stream()
                .filter(node -> !node.equals(down))
                .findFirst()
                .orElseThrow();
        cluster.kill(other);
        client.cache().put("s75-after", 1);
    }

    @Test
    @Feature({"S-75", "S-36", "B-05", "G-8", "PM-FENCE-8"})
    void tokensNeverGoBackWhenAllNodesDieAndOneLosesItsDisk(Cluster cluster, CoordinatorClient client) {
        LockHandle before = client.lock("s36").acquire();
        before.release();
        Load.write(client, "s36", 6_000, i -> i);
        cluster.nodes().forEach(cluster::kill);
        cluster.nodes().forEach(cluster::start);
        String wiped = cluster.followers().get(0);
        cluster.kill(wiped);
        cluster.wipe(wiped);
        Load.write(client, "s36b", 6_000, i -> i);
        cluster.start(wiped);
        cluster.awaitEqualDigests();
        LockHandle after = client.lock("s36").acquire();
        assertThat(after.token()).isGreaterThan(before.token());
        assertThatThrownBy(() -> client.cache().guardedBy(before.guard()).put("s36", "stale"))
                .isInstanceOf(FencedException.class);
        client.cache().guardedBy(after.guard()).put("s36", "live");
    }

    @Test
    @Feature({"S-76", "PM-PERS-4", "A-23"})
    void nothingAcknowledgedIsLostWhenAllNodesDieAtOnceUnderLoad(Cluster cluster, CoordinatorClient client)
            throws InterruptedException {
        CoordinatorClient holder = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
        LockHandle lock = holder.lock("s76").acquire();
        client.cache().put("s76-expired", "x", PutOptions.ttl(Duration.ofMillis(200)));
        Waiting.await("expiry").until(() -> client.cache().get("s76-expired").isEmpty());
        client.cache().put("s76-later", "x", PutOptions.ttl(Duration.ofMinutes(10)));
        CountDownLatch finish = new CountDownLatch(1);
        CompletableFuture<String> build = holder.async()
                .builds()
                .getOrBuildAsync(
                        "s76",
                        String.class,
                        context -> {
                            assertThat(finish.await(60, TimeUnit.SECONDS)).isTrue();
                            return "built";
                        },
                        Duration.ofSeconds(60))
                .toCompletableFuture();
        Waiting.await("the build runs")
                .until(() -> client.builds().status("s76").state() == BuildStatus.State.PENDING);

        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "s76-w" + i;
            CoordinatorClient writer = cluster.client();
            writers.add(CompletableFuture.runAsync(() -> writeUntil(stop, writer, name, acknowledged)));
        }
        Waiting.await("load")
                .until(() -> acknowledged.size() == 4
                        && acknowledged.values().stream().allMatch(count -> count > 100));
        cluster.nodes().parallelStream().forEach(cluster::kill);
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
        stop.set(true);
        writers.forEach(Waiting::get);

        acknowledged.forEach((key, count) -> assertThat(
                        client.cache().get(key).orElseThrow().value().longValue())
                .as(key)
                .isGreaterThanOrEqualTo(count));
        assertThat(client.cache().get("s76-expired")).isEmpty();
        assertThat(client.cache().get("s76-later")).isPresent();
        assertThat(client.lock("s76").verify(lock.token())).isTrue();
        assertThat(lock.isHeld()).isTrue();
        finish.countDown();
        assertThat(Waiting.get(build)).isEqualTo("built");
        cluster.awaitEqualDigests();
    }

    private static void writeUntil(
            AtomicBoolean stop, CoordinatorClient client, String key, Map<String, Long> acknowledged) {
        for (long number = 1; !stop.get(); number++) {
            try {
                client.cache().put(key, number);
                acknowledged.put(key, number);
            } catch (CoordinatorException e) {
                if (!e.retryable()) {
                    throw e;
                }
            }
        }
    }

    private static NodeStatusReply status(Cluster cluster, String node) {
        return cluster.status(node).orElseThrow();
    }
}
