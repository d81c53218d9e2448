package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A release wakes the next waiter and nobody else. */
@CoordinatorCluster
@Tag("alone")
class LockWakeupsTest {
    private static final int CLIENTS = 10;
    private static final int WAITERS_EACH = 10;
    private static final String LOCK = "crowded";

    @Test
    @Feature({"B-08", "PM-LOCK-5"})
    void aReleaseIsOneGrantToOneWaiter(Cluster cluster, CoordinatorClient holder, CoordinatorClient watcher) {
        List<ChangeEvent.Kind> changes = new CopyOnWriteArrayList<>();
        Waiting.get(watcher.watch(WatchOptions.lockName(LOCK), event -> changes.add(event.kind()))
                .started());
        LockHandle current = holder.lock(LOCK).acquire();
        BlockingQueue<LockHandle> granted = new LinkedBlockingQueue<>();
        List<CompletableFuture<?>> waiters = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CoordinatorClient client = cluster.client();
            for (int j = 0; j < WAITERS_EACH; j++) {
                waiters.add(client.async()
                        .lock(LOCK)
                        .acquire()
                        .thenAccept(granted::add)
                        .toCompletableFuture());
            }
        }
        int all = CLIENTS * WAITERS_EACH;
        Waiting.await("all wait").until(() -> holder.lock(LOCK).inspect().waiterCount() == all);
        for (int released = 1; released <= all; released++) {
            current.release();
            int grants = released;
            Waiting.await("the next one").until(() -> granted.size() == 1 && changes.size() == 2 * grants + 1);
            current = granted.remove();
            assertThat(waiters.stream().filter(CompletableFuture::isDone)).hasSize(grants);
            assertThat(holder.lock(LOCK).inspect().waiterCount()).isEqualTo(all - grants);
        }
        current.release();
        Waiting.await("the last release").until(() -> changes.size() == 2 * (all + 1));
        assertThat(granted).isEmpty();
        assertThat(changes)
                .isEqualTo(Stream.generate(() -> Stream.of(ChangeEvent.Kind.ACQUIRED, ChangeEvent.Kind.RELEASED))
                        .limit(all + 1)
                        .flatMap(pair -> pair)
                        .collect(Collectors.toList()));
    }
}
