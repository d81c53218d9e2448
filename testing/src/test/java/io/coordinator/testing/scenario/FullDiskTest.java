package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.DiskRoom;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.disk.SmallDisk;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that other programs fill. Nobody disarms anything by hand: with room, everything goes on by itself, unlike the
 * alarms of etcd#9992 and etcd#16779.
 */
@Feature({"R-17", "PM-PERS-11"})
class FullDiskTest {
    private static final int RESERVE = 16 << 20;
    private static final int LITTLE = 8 << 20;
    private static final int NONE = 0;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path scratch;

    private static final Map<String, SmallDisk> DISKS = new TreeMap<>();

    @SuppressWarnings("NullAway.Init")
    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(SmallDisk.isAvailable(scratch), "needs the right to mount a file system");
        cluster = ProcessCluster.start(
                ClusterOptions.defaults().config("free-space-min-bytes", Integer.toString(RESERVE)));
        cluster.nodes().forEach(cluster::kill);
        for (String node : cluster.nodes()) {
            DISKS.put(node, SmallDisk.mount(cluster.dataDirectory(node), 64));
        }
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
    }

    @AfterEach
    void makeRoom() throws IOException {
        for (SmallDisk disk : DISKS.values()) {
            disk.makeRoom();
        }
        for (String node : cluster.nodes()) {
            Waiting.await("room on " + node)
                    .until(() -> status(node).getReady() && status(node).getDiskRoom() == DiskRoom.DISK_ENOUGH);
        }
        cluster.awaitEqualDigests();
        cluster.closeClients();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.alive().forEach(cluster::kill);
            DISKS.values().forEach(SmallDisk::close);
            cluster.close();
        }
    }

    @Test
    void aLeaderWhoseDiskFillsHandsOverWithoutAFailedCallAndCatchesUpByItself() throws Exception {
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
        LockHandle held = client.lock("full").acquire();
        AtomicLong acknowledged = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (long number = 1; !stop.get(); number++) {
                client.cache().put("full", number);
                acknowledged.set(number);
            }
        });
        Waiting.await("writes").until(() -> acknowledged.get() > 20);

        String full = cluster.awaitLeader();
        disk(full).fillTo(LITTLE);
        cluster.awaitLeaderOtherThan(full);
        long before = acknowledged.get();
        Waiting.await("writes go on").until(() -> acknowledged.get() > before + 20);

        disk(full).fillTo(NONE);
        Waiting.await("no room at all").until(() -> status(full).getDiskRoom() == DiskRoom.DISK_FULL);
        long behind = status(full).getAppliedIndex();
        long then = acknowledged.get();
        Waiting.await("the others serve on").until(() -> acknowledged.get() > then + 50);
        NodeStatusReply status = status(full);
        assertThat(status.getAppliedIndex()).as("nothing more is written there").isLessThan(behind + 50);
        assertThat(status.getReady()).isFalse();
        assertThat(status.getNotReadyReason()).contains("disk").contains("free-space-min-bytes");
        assertThat(ready(full)).contains("the disk is full");
        assertThat(stale(full, "full")).isPresent();

        disk(full).makeRoom();
        Waiting.await("it is back").until(() -> status(full).getReady());
        stop.set(true);
        Waiting.get(writer);
        cluster.awaitEqualDigests();
        assertThat(held.isHeld()).isTrue();
        assertThat(client.cache().get("full").orElseThrow().value().longValue()).isEqualTo(acknowledged.get());
    }

    @Test
    void withLittleRoomOnAllWritesAreRefusedReadsGoOnAndOneDiskWithRoomIsEnough() throws Exception {
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
        client.cache().put("all", 1);
        long session = client.sessionId();
        fillAll(LITTLE);
        Waiting.await("a refusal")
                .until(() -> catchThrowable(() -> client.cache().put("all", 1)) != null);
        assertThat(catchThrowable(() -> client.cache().put("all", 2)))
                .isInstanceOfSatisfying(CoordinatorException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.ENOSPACE);
                    assertThat(refused.retryable()).isTrue();
                    assertThat(refused.outcomeUnknown()).isFalse();
                })
                .hasMessageContaining("is full");
        assertThat(client.cache().get("all").orElseThrow().value().asInt()).isEqualTo(1);
        assertThat(ready(cluster.awaitLeader())).contains("nearly full");

        String roomy = cluster.followers().get(0);
        disk(roomy).makeRoom();
        Waiting.await("a leader with room").until(() -> cluster.leader().equals(Optional.of(roomy)));
        client.cache().put("all", 3);
        assertThat(client.sessionId()).isEqualTo(session);
    }

    @Test
    @Tag("soak")
    void withNoRoomOnAnyNothingIsAcknowledgedNoNodeEndsAndRoomIsAllItTakes() throws Exception {
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofMinutes(1)));
        client.cache().put("none", 1);
        fillAll(NONE);
        for (String node : cluster.nodes()) {
            Waiting.await("no room on " + node).until(() -> status(node).getDiskRoom() == DiskRoom.DISK_FULL);
        }
        CompletableFuture<Void> waits =
                CompletableFuture.runAsync(() -> client.cache().put("none", 2));
        for (String node : cluster.nodes()) {
            assertThat(stale(node, "none")).as("a stale read of %s", node).hasValue(1);
        }
        assertThat(waits).isNotDone();
        assertThat(cluster.alive()).hasSize(3);
        long term = status("n1").getTerm();

        for (SmallDisk disk : DISKS.values()) {
            disk.makeRoom();
        }
        Throwable refusal = catchThrowable(() -> Waiting.get(waits));
        int value = client.cache().get("none").orElseThrow().value().asInt();
        if (refusal == null) {
            assertThat(value).as("it was waiting").isEqualTo(2);
        } else {
            assertThat(refusal)
                    .isInstanceOfSatisfying(
                            CoordinatorException.class,
                            refused -> assertThat(refused.retryable()).isTrue());
            assertThat(value).as("it was refused").isEqualTo(1);
        }
        client.cache().put("none", 3);
        assertThat(status("n1").getTerm()).as("no election storm").isLessThan(term + 10);
    }

    private static void fillAll(long free) throws IOException {
        for (SmallDisk disk : DISKS.values()) {
            disk.fillTo(free);
        }
    }

    private static SmallDisk disk(String node) {
        return Objects.requireNonNull(DISKS.get(node), node);
    }

    private static NodeStatusReply status(String node) {
        return cluster.status(node).orElseThrow(() -> new AssertionError(node + " does not answer"));
    }

    /** What this node itself says of an entry. */
    private static OptionalLong stale(String node, String key) {
        try (RawReads reads = RawReads.connect(cluster.clientAddress(node))) {
            return Waiting.get(reads.stale(key, Duration.ofSeconds(10)));
        }
    }

    private static String ready(String node) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + "/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        return answer.body();
    }
}
