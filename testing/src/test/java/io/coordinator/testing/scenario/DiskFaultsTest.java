package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.fault.FaultyLibrary;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail and disks that are slow, of one cluster that is whole again after each test. */
class DiskFaultsTest {
    private static final List<String> NODES = List.of("n1", "n2", "n3");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static FaultyLibrary library;

    @SuppressWarnings("NullAway.Init")
    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        assumeTrue(FaultyLibrary.isAvailable(), "needs a C compiler");
        library = FaultyLibrary.compile(directory, NODES);
        cluster = ProcessCluster.start(ClusterOptions.defaults().launch(library.launch()));
    }

    @AfterEach
    void repair() throws IOException {
        for (String node : NODES) {
            library.slowDisk(node, Duration.ZERO);
        }
        cluster.repair();
        cluster.closeClients();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Feature({"PM-PERS-11", "A-22", "R-16"})
    void aLeaderWhoseDiskFailsStopsAndNothingAcknowledgedIsLost() throws IOException {
        AtomicLong acknowledged = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
        CompletableFuture<Void> writer = write(client, acknowledged, stop);
        Waiting.await("writes").until(() -> acknowledged.get() > 50);
        String broken = cluster.awaitLeader();
        library.breakDisk(broken);
        Waiting.await("the node stops").until(() -> !cluster.alive().contains(broken));
        cluster.awaitLeaderOtherThan(broken);
        long before = acknowledged.get();
        Waiting.await("writes go on").until(() -> acknowledged.get() > before + 50);
        stop.set(true);
        Waiting.get(writer);
        library.slowDisk(broken, Duration.ZERO);
        cluster.start(broken);
        cluster.awaitEqualDigests();
        assertThat(client.cache().get("disk").orElseThrow().value().longValue())
                .isGreaterThanOrEqualTo(acknowledged.get());
    }

    @Test
    @Feature({"PM-PERS-11", "R-15"})
    void aSlowDiskCausesNoElection() throws IOException {
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
        client.cache().put("slow", 0);
        long term = term(cluster);
        for (String slow : List.of(cluster.awaitLeader(), cluster.followers().get(0))) {
            library.slowDisk(slow, Duration.ofMillis(300));
            for (int i = 0; i < 5; i++) {
                client.cache().put("slow", i);
            }
            library.slowDisk(slow, Duration.ZERO);
        }
        assertThat(term(cluster)).isEqualTo(term);
    }

    @Test
    @Feature({"C-13", "R-15"})
    void commitsThatTakeSecondsCostNobodyASession() throws IOException {
        CoordinatorClient idle = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(10)));
        LockHandle held = idle.lock("held").acquire();
        long session = idle.sessionId();
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        idle.addConnectionListener((from, to) -> states.add(to));
        long term = term(cluster);
        for (String node : NODES) {
            library.slowDisk(node, Duration.ofSeconds(2));
        }
        Waiting.pass(Duration.ofSeconds(25));
        assertThat(states).as("neither suspended nor lost").isEmpty();
        assertThat(held.isHeld()).isTrue();
        assertThat(term(cluster)).as("no election").isEqualTo(term);

        CoordinatorClient late = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(10)));
        assertThat(late.lock("held").tryAcquire()).isEmpty();
        for (String node : NODES) {
            library.slowDisk(node, Duration.ZERO);
        }
        assertThat(late.lock("held").verify(held.token())).isTrue();
        assertThat(idle.sessionId()).isEqualTo(session);
    }

    private static CompletableFuture<Void> write(
            CoordinatorClient client, AtomicLong acknowledged, AtomicBoolean stop) {
        return CompletableFuture.runAsync(() -> {
            for (long number = 1; !stop.get(); number++) {
                client.cache().put("disk", number);
                acknowledged.set(number);
            }
        });
    }

    private static long term(Cluster cluster) {
        return cluster.status(cluster.awaitLeader())
                .map(NodeStatusReply::getTerm)
                .orElseThrow();
    }
}
