package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose state is that of a majority is ready again, whenever it heard that another differs. */
@Feature("B-34")
class DivergenceTest {
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), Runnable::run);
    private final AtomicLong mismatches = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();

    @Test
    void aDifferenceThatIsHeardOfDuringALookIsLookedAtToo(@TempDir Path directory) {
        replica.apply(1, Entry.newBuilder().setClusterTimeMillis(1).build());
        AtomicInteger heard = new AtomicInteger();
        try (ServerEvents events = new ServerEvents(List.of());
                Divergence divergence = new Divergence(
                        directory,
                        () -> List.of("n2", "n3"),
                        this::agree,
                        replica,
                        () -> {
                            // The leader's entry is applied right after the look has begun.
                            return heard.getAndIncrement() == 0 ? 0 : mismatches.get();
                        },
                        events,
                        () -> 0,
                        broken::add)) {
            mismatches.set(1);
            divergence.suspect(1);
            await().until(() -> asked.get() >= 4);
            await().until(() -> divergence.openMismatches() == 0);
            assertThat(broken).isEmpty();
        }
    }

    private CompletableFuture<NodeStatusReply> agree(String address, NodeStatusRequest question) {
        asked.incrementAndGet();
        return CompletableFuture.completedFuture(
                NodeStatusReply.newBuilder().setDigestThen(question.getDigest()).build());
    }
}
