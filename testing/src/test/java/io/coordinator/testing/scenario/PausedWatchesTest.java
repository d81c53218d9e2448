package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Watches whose listeners are blocked while more changes than are kept for them come, and while streams end. */
@CoordinatorCluster
class PausedWatchesTest {
    /** More than a client keeps for a listener. */
    private static final int CHANGES = 5_000;

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    @Feature("C-28")
    void eachChangeComesOnceThoughTheLeaderHandsOver(Cluster cluster, CoordinatorClient writer) {
        CoordinatorClient watcher = cluster.client();
        everyChangeOnce(watcher, writer, "transfer", () -> {
            String leader = cluster.awaitLeader();
            handOver(writer);
            cluster.awaitLeaderOtherThan(leader);
            Waiting.await("the watcher to follow").until(() -> watcher.state() == ConnectionState.RECONNECTED);
        });
    }

    @Test
    @Feature("C-28")
    void eachChangeComesOnceThoughTheStreamBreaks(Cluster cluster, CoordinatorClient writer) {
        ClientLinks links = cluster.clientLinks("paused");
        CoordinatorClient watcher = cluster.client(links, settings -> settings);
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        watcher.addConnectionListener((from, to) -> states.add(to));
        everyChangeOnce(watcher, writer, "reset", () -> {
            links.reset();
            Waiting.await("the watcher to be back").until(() -> states.contains(ConnectionState.RECONNECTED));
        });
    }

    private static void everyChangeOnce(
            CoordinatorClient watcher, CoordinatorClient writer, String name, Runnable streamsEnd) {
        CompletableFuture<Boolean> unblock = new CompletableFuture<>();
        List<Long> cache = new CopyOnWriteArrayList<>();
        List<Long> document = new CopyOnWriteArrayList<>();
        Subscription ofCache = watcher.watch(WatchOptions.cacheKey(name), event -> {
            unblock.join();
            cache.add(event.revision());
        });
        Subscription ofDocument = watcher.watch(WatchOptions.documentId(name), event -> {
            unblock.join();
            document.add(event.revision());
        });
        Waiting.get(ofCache.started());
        Waiting.get(ofDocument.started());
        change(writer, name, CHANGES);

        streamsEnd.run();
        assertThat(watcher.ping()).isPositive();
        change(writer, name, 2);
        unblock.complete(true);

        Waiting.await("all changes of the cache").until(() -> cache.size() >= CHANGES + 2);
        // The first is that the document was made.
        Waiting.await("all changes of the document").until(() -> document.size() >= CHANGES + 3);
        Waiting.await("both to catch up").until(() -> ofCache.isCurrent() && ofDocument.isCurrent());
        assertThat(cache).isSorted().doesNotHaveDuplicates().hasSize(CHANGES + 2);
        assertThat(document).isSorted().doesNotHaveDuplicates().hasSize(CHANGES + 3);
    }

    private static void change(CoordinatorClient writer, String name, int times) {
        AsyncCache cache = writer.async().cache();
        AsyncDocument document = Waiting.get(writer.async().documents().open(name));
        List<CompletionStage<?>> changes = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            changes.add(cache.put(name, i));
            changes.add(document.set("n", i));
            if (changes.size() >= 1_000) {
                changes.forEach(Waiting::get);
                changes.clear();
            }
        }
        changes.forEach(Waiting::get);
    }

    /** Copies are kept up to date on an executor of the user's, which is blocked meanwhile. */
    @Test
    @Feature("C-28")
    void copiesAreNotServedWhileTheirNewsAreHeldUp(Cluster cluster, CoordinatorClient writer) throws Exception {
        CompletableFuture<Boolean> unblock = new CompletableFuture<>();
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        try {
            CoordinatorClient reader = cluster.client(settings -> settings.callbackExecutor(callbacks));
            ReadThroughOptions<String, Integer> options =
                    ReadThroughOptions.of("paused-copies", String.class, Integer.class);
            ReadThroughCache<String, Integer> copies = reader.readThroughCache(options.l1(L1Options.defaults()));
            assertThat(copies.buildOrRetrieve("k", context -> 0, LONG)).isZero();
            callbacks.execute(unblock::join);

            AsyncBuilds builds = writer.async().namespace("paused-copies").builds();
            List<CompletionStage<Long>> puts = new ArrayList<>();
            for (int i = 1; i <= CHANGES; i++) {
                puts.add(builds.put("k", i, PutOptions.defaults()));
            }
            puts.forEach(Waiting::get);
            handOver(writer);
            assertThat(copies.get("k")).isEqualTo(CHANGES);
            unblock.complete(true);
            for (int i = 0; i < 100; i++) {
                assertThat(copies.get("k")).isEqualTo(CHANGES);
            }
        } finally {
            unblock.complete(true);
            callbacks.shutdown();
        }
    }

    /** Waits for the end of the pause after the last one. */
    private static void handOver(CoordinatorClient client) {
        Waiting.await("a hand-over")
                .ignoreException(ThrottledException.class)
                .until(() -> !client.transferLeadership().isEmpty());
    }
}
