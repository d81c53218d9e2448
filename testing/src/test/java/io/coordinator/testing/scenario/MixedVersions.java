package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.state.Coordinator;
import io.coordinator.testing.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster whose nodes are taken from one version to another while clients work. No call of theirs may fail, what they
 * count must be right to the last one, and a lock must stay with its holder; after each step all states are equal.
 */
final class MixedVersions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MixedVersions.class);
    private static final int WRITERS = 2;
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final String COUNTER = "mixed-count";

    private final Cluster cluster;
    private final Versions versions;
    private final LockHandle held;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    /** Shared by calls, and taken alone to look at a cluster in which nothing happens. */
    private final ReentrantReadWriteLock working = new ReentrantReadWriteLock(true);

    private final Set<String> areNewer = new HashSet<>();
    private final List<CompletableFuture<Void>> writers = new ArrayList<>();

    /** How a node becomes one of the older or of the newer version, from its next start on. */
    interface Versions {
        void set(String node, boolean newer);
    }

    /** How a node is taken down, and perhaps up again several times, for another version. */
    interface Step {
        void take(Cluster cluster, String node);
    }

    /** Begins to work on a cluster whose nodes all run. */
    MixedVersions(Cluster cluster, Versions versions) {
        this.cluster = cluster;
        this.versions = versions;
        this.held = client().lock("mixed-held").acquire();
        for (int i = 0; i < WRITERS; i++) {
            CoordinatorClient client = client();
            writers.add(CompletableFuture.runAsync(() -> work(client)));
        }
    }

    private CoordinatorClient client() {
        return cluster.client(settings -> settings.sessionLease(LEASE));
    }

    private void work(CoordinatorClient client) {
        while (!over.get()) {
            working.readLock().lock();
            try {
                long value = client.cache().increment(COUNTER, 1);
                done.incrementAndGet();
                client.cache().put("mixed-" + value % 100, "x".repeat(500));
            } finally {
                working.readLock().unlock();
            }
        }
    }

    /** Takes every node to a version that is not of it yet, the leader last, and looks at the cluster after each. */
    void roll(boolean newer, Step step) {
        List<String> order = new ArrayList<>(cluster.followers());
        cluster.alive().stream().filter(node -> !order.contains(node)).forEach(order::add);
        order.removeIf(node -> areNewer.contains(node) == newer);
        take(order, newer, step);
    }

    /** As {@link #roll}, with one follower and the leader only. */
    void rollTwo(boolean newer, Step step) {
        take(List.of(cluster.followers().get(0), cluster.awaitLeader()), newer, step);
    }

    private void take(List<String> nodes, boolean newer, Step step) {
        for (String node : nodes) {
            long before = done.get();
            versions.set(node, newer);
            if (newer) {
                areNewer.add(node);
            } else {
                areNewer.remove(node);
            }
            step.take(cluster, node);
            cluster.awaitLeader();
            int expected = newer ? Coordinator.VERSION : Coordinator.VERSION - 1;
            Waiting.await("a node of that version")
                    .until(() -> cluster.status(node)
                            .filter(status -> status.getCoreVersion() == expected)
                            .isPresent());
            Waiting.await("calls go on").until(() -> done.get() > before + WRITERS || isBroken());
            LOG.info("{} is of the {} version now", node, newer ? "newer" : "older");
            check();
        }
    }

    private boolean isBroken() {
        return writers.stream().anyMatch(CompletableFuture::isDone);
    }

    /** Nothing has failed, nothing was lost or done twice, and all states are equal. */
    void check() {
        working.writeLock().lock();
        try {
            writers.stream().filter(CompletableFuture::isDone).forEach(Waiting::get);
            cluster.awaitEqualDigests();
            CoordinatorClient reader = cluster.client();
            assertThat(reader.cache().increment(COUNTER, 0)).isEqualTo(done.get());
            assertThat(reader.lock("mixed-held").verify(held.token())).isTrue();
            assertThat(held.isHeld()).isTrue();
            reader.close();
        } finally {
            working.writeLock().unlock();
        }
    }

    /** Asks the leader to raise the version. */
    FinalizeUpgradeReply finish() {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(cluster.clientAddress(cluster.awaitLeader()))
                .usePlaintext()
                .build();
        try {
            return CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .finalizeUpgrade(FinalizeUpgradeRequest.newBuilder()
                            .setAskedBy("mixed")
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    /** Raises the version, which all nodes know, and sees that an older node is not taken back. */
    String finishAndRefuseOlder(int newVersion) {
        assertThat(active()).containsOnly(newVersion - 1);
        FinalizeUpgradeReply raised = finish();
        assertThat(raised.hasError()).as("%s", raised).isFalse();
        Waiting.await("the new version everywhere")
                .until(() -> active().stream().allMatch(version -> version == newVersion));
        check();
        String node = cluster.followers().get(0);
        versions.set(node, false);
        cluster.kill(node);
        return node;
    }

    private List<Integer> active() {
        return cluster.alive().stream()
                .flatMap(node -> cluster.status(node).stream())
                .map(NodeStatusReply::getActiveVersion)
                .toList();
    }

    /** Takes a node back that was refused. */
    void takeBack(String node) {
        versions.set(node, true);
        cluster.start(node);
        check();
    }

    /** Lets the clients end, and fails if any of their calls has. */
    @Override
    public void close() {
        over.set(true);
        writers.forEach(Waiting::get);
    }
}
