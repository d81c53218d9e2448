package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is restored under clients that have seen more than it holds. */
@Feature({"S-36", "B-16", "G-8", "PM-FENCE-8"})
@CoordinatorCluster(nodes = 1)
class NewClusterScenariosTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CompletableFuture<Long> compacted = new CompletableFuture<>();

    @Test
    void clientsOfBeforeLoseTheirSessionsAndMeetNoNumberTwice(Cluster cluster, @TempDir Path backups) throws Exception {
        String node = cluster.nodes().get(0);
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(LONG));
        ReadThroughCache<String, String> copies = client.readThroughCache(
                ReadThroughOptions.of("copied", String.class, String.class).l1(L1Options.defaults()));
        Waiting.get(client.watch(WatchOptions.cachePrefix("k"), listener()).started());
        assertThat(copies.<RuntimeException>buildOrRetrieve("c", context -> "first", LONG))
                .isEqualTo("first");
        client.cache().put("k", "backed up");
        Path file = backups.resolve("a.snapshot");
        Backing.save(cluster, file);

        client.cache().put("k", "lost");
        LockHandle lost = client.lock("l").acquire();
        long revisionLost = client.cache().get("k").orElseThrow().revision();
        assertThat(copies.delete("c")).isTrue();
        copies.<RuntimeException>buildOrRetrieve("c", context -> "second", LONG);
        Waiting.await("the copy").until(() -> "second".equals(copies.get("c")));

        cluster.kill(node);
        cluster.wipe(node);
        Backing.restore(cluster, file, node);
        cluster.start(node);

        assertThat(Waiting.get(lost.lost())).isEqualTo(LossReason.SESSION_LOST);
        Waiting.get(compacted);
        Waiting.await("what was restored").until(() -> "first".equals(copies.get("c")));
        assertThat(client.cache().get("k").orElseThrow().value().asText()).isEqualTo("backed up");
        LockHandle again = client.lock("l").acquire();
        assertThat(again.token()).isGreaterThan(lost.token());
        client.cache().put("k", "new");
        assertThat(client.cache().get("k").orElseThrow().revision()).isGreaterThan(revisionLost);
    }

    private WatchListener listener() {
        return new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {}

            @Override
            public void onCompacted(long oldestRevision) {
                compacted.complete(oldestRevision);
            }
        };
    }
}
