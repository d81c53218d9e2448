package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that come back, with and without their disks. */
@CoordinatorCluster(
        processes = true,
        config = {"snapshot-dirty-rows=1000", "snapshot-spacing-millis=200", "log-segment-bytes=65536"})
class RecoveryScenariosTest {
    private static final int FEW = 2_000;
    private static final Duration LEASE_OF_THE_LOST = Duration.ofSeconds(3);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature({"S-75", "B-05"})
    void aNodeThatMissedThePurgedLogCatchesUpBySnapshotWithItsDiskAndWithAnother(
            ProcessCluster cluster, CoordinatorClient client) {
        missWrites(cluster, client, FEW);
    }

    @Test
    @Tag("soak")
    @Feature({"S-75", "B-05"})
    void aNodeThatMissedFiftyThousandWritesCatchesUpBySnapshotWithItsDiskAndWithAnother(
            ProcessCluster cluster, CoordinatorClient client) {
        missWrites(cluster, client, 50_000);
    }

    private static void missWrites(ProcessCluster cluster, CoordinatorClient client, int writes) {
        String down = cluster.followers().get(0);
        for (boolean wiped : List.of(false, true)) {
            long missed = status(cluster, down).getAppliedIndex();
            String disk = status(cluster, down).getDisk();
            cluster.kill(down);
            if (wiped) {
                cluster.wipe(down);
            }
            Load.write(client, "s75", writes, i -> "missed " + wiped + i);
            for (String node : cluster.alive()) {
                // What a snapshot has made superfluous is purged with the next entry, and whole files only.
                Waiting.await("what it missed is purged").until(() -> {
                    Load.write(client, "s75", FEW, i -> i);
                    return Load.firstOfLog(cluster.dataDirectory(node)) > missed + 1;
                });
            }
            cluster.start(down);
            Waiting.await(down + " is back")
                    .until(() -> cluster.status(down)
                            .filter(status -> status.getReady() && status.getSnapshotIndex() > missed)
                            .isPresent());
            cluster.awaitEqualDigests();
            assertThat(status(cluster, down).getDisk().equals(disk)).isNotEqualTo(wiped);
            // It is a full member again: the others can spare one.
            cluster.repair();
            String other = cluster.followers().stream()
                    .filter(node -> !node.equals(down))
                    .findFirst()
                    .orElseThrow();
            cluster.kill(other);
            client.cache().put("s75-after", 1);
            cluster.repair();
        }
    }

    @Test
    @Feature({"S-36", "B-05", "G-8", "PM-FENCE-8"})
    void tokensNeverGoBackWhenAllNodesDieAndOneLosesItsDisk(ProcessCluster cluster) {
        CoordinatorClient client = patient(cluster);
        FencingTokens tokens = new FencingTokens("s36");
        tokens.take(client);
        Load.write(client, "s36", FEW, i -> i);
        tokens.take(client);
        cluster.nodes().parallelStream().forEach(cluster::kill);
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
        tokens.take(client);

        String wiped = cluster.followers().get(0);
        cluster.kill(wiped);
        cluster.wipe(wiped);
        Load.write(client, "s36", FEW, i -> -i);
        cluster.start(wiped);
        cluster.repair();
        cluster.awaitEqualDigests();
        assertThat(client.members().list().members())
                .filteredOn(member -> member.node().equals(wiped))
                .allMatch(member -> member.incarnation() > 1)
                .hasSize(1);
        tokens.take(client);

        // Now the one that has only heard of the tokens is the one that gives them out.
        Waiting.await(wiped + " leads")
                .ignoreExceptionsMatching(CoordinatorException.class::isInstance)
                .until(() -> client.transferLeadership(wiped).equals(wiped));
        tokens.take(client);
    }

    @Test
    @Feature({"S-76", "PM-PERS-4", "A-23"})
    void nothingAcknowledgedIsLostWhenAllNodesDieAtOnceUnderLoad(ProcessCluster cluster) {
        CoordinatorClient client = patient(cluster);
        JavaProcess lost = Worker.start(
                cluster.endpoints(),
                "lost",
                directory.resolve("lost.log"),
                LEASE_OF_THE_LOST,
                List.of("lock=s76-lost", "build=s76-lost,1,600000"));
        Waiting.await("what will be lost")
                .until(() -> WorkerOutput.count(lost, "locked") == 1 && WorkerOutput.count(lost, "building") == 1);
        CoordinatorClient holder = patient(cluster);
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
            CoordinatorClient writer = patient(cluster);
            writers.add(CompletableFuture.runAsync(() -> writeUntil(stop, writer, name, acknowledged)));
        }
        Waiting.await("load")
                .until(() -> acknowledged.size() == 4
                        && acknowledged.values().stream().allMatch(count -> count > 100));
        lost.kill();
        cluster.nodes().parallelStream().forEach(cluster::kill);
        long restarted = System.nanoTime();
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
        CompletableFuture<LockHandle> freed =
                client.async().lock("s76-lost").acquire().toCompletableFuture();
        CompletableFuture<Duration> freedAfter =
                freed.thenApply(handle -> Duration.ofNanos(System.nanoTime() - restarted));
        CompletableFuture<String> assigned = client.async()
                .builds()
                .getOrBuildAsync("s76-lost", String.class, context -> "built again", Duration.ofSeconds(60))
                .toCompletableFuture();
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
        // A full lease from the restart on, and not for ever.
        assertThat(Waiting.get(freedAfter)).isGreaterThanOrEqualTo(LEASE_OF_THE_LOST);
        String locked = WorkerOutput.lines(lost, "locked").findFirst().orElseThrow();
        long tokenOfTheLost = Long.parseLong(locked.substring(locked.lastIndexOf(' ') + 1));
        assertThat(Waiting.get(freed).token()).isGreaterThan(tokenOfTheLost);
        assertThat(Waiting.get(assigned)).isEqualTo("built again");
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

    /** Its session outlives the time in which there is no node. */
    private static CoordinatorClient patient(ProcessCluster cluster) {
        return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
    }

    private static NodeStatusReply status(ProcessCluster cluster, String node) {
        return cluster.status(node).orElseThrow();
    }
}
