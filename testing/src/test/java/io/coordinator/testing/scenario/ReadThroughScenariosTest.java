package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Read-through caches with copies near the caller. */
@CoordinatorCluster
class ReadThroughScenariosTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static ReadThroughOptions<String, String> texts(String name) {
        return ReadThroughOptions.of(name, String.class, String.class).l1(L1Options.defaults());
    }

    private static ReadThroughCache<String, String> near(CoordinatorClient client, String name) {
        return client.readThroughCache(texts(name));
    }

    private static String required(@Nullable String value) {
        return Objects.requireNonNull(value);
    }

    /** Copies are held only when the watch has begun; so a read counts from the first that is answered by a copy. */
    private static final int ATTEMPTS = 100;

    private static <V> void awaitCopy(CountingStore store, ReadThroughCache<String, V> cache, String key) {
        Waiting.await("a copy of " + key).until(() -> {
            cache.get(key);
            return store.copies.containsKey(key);
        });
    }

    /** Counts what the thread that made it gets: news look as well, on other threads. */
    private static final class CountingStore implements L1Store {
        private final Thread reader = Thread.currentThread();
        private final Map<String, Object> copies = new ConcurrentHashMap<>();
        private final AtomicInteger hits = new AtomicInteger();

        @Override
        public @Nullable Object get(String key) {
            Object copy = copies.get(key);
            hits.addAndGet(copy == null || Thread.currentThread() != reader ? 0 : 1);
            return copy;
        }

        @Override
        public void put(String key, Object copy) {
            copies.put(key, copy);
        }

        @Override
        public void remove(String key) {
            copies.remove(key);
        }

        @Override
        public void clear() {
            copies.clear();
        }
    }

    @Test
    @Feature({"S-57", "JC-BOR-16", "JC-BOR-17", "JC-L1-3", "JC-L1-8", "JC-FAC-1", "JC-FAC-2", "JC-FAC-4"})
    void falsyValuesAreBuiltOnceAndServedFromCopies(CoordinatorClient a) {
        CountingStore store = new CountingStore();
        ReadThroughCache<String, JsonNode> cache =
                a.readThroughCache(ReadThroughOptions.of("s57", String.class, JsonNode.class)
                        .l1(L1Options.defaults().store(store)));
        Map<String, JsonNode> values =
                Map.of("zero", IntNode.valueOf(0), "empty", TextNode.valueOf(""), "false", BooleanNode.FALSE);
        AtomicInteger runs = new AtomicInteger();
        values.forEach((key, value) -> {
            cache.buildOrRetrieve(
                    key,
                    context -> {
                        runs.incrementAndGet();
                        return value;
                    },
                    LONG);
            int before = store.hits.get();
            // News that were on their way can drop a copy again.
            for (int i = 0; i < ATTEMPTS && store.hits.get() == before; i++) {
                awaitCopy(store, cache, key);
                assertThat(cache.<RuntimeException>buildOrRetrieve(
                                key,
                                context -> {
                                    throw new AssertionError("built again");
                                },
                                LONG))
                        .isEqualTo(value);
            }
            assertThat(store.hits).hasValue(before + 1);
            assertThat(cache.status(key)).isEqualTo(BuildStatus.State.EXISTS);
        });
        assertThat(runs).hasValue(3);
        ReadThroughCache<String, String> texts = near(a, "s57-null");
        a.namespace("s57-null").builds().put("null", null, PutOptions.defaults());
        for (int i = 0; i < 10; i++) {
            assertThat(texts.<RuntimeException>buildOrRetrieve("null", context -> "other", LONG))
                    .isNull();
        }
    }

    @Test
    @Feature({"S-52", "JC-GET-1", "JC-GET-2", "JC-GET-3", "JC-GET-4", "JC-ASY-1", "A-29"})
    void getWaitsForBuildsButNeverBuilds(CoordinatorClient a, CoordinatorClient b) {
        ReadThroughCache<String, String> builder = near(a, "s52");
        ReadThroughCache<String, String> reader = near(b, "s52");
        assertThatThrownBy(() -> required(reader.get("k", LONG)))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContaining("Key k does not exist in cache s52")
                .hasMessageContaining("there is no build s52/k");
        CountDownLatch go = new CountDownLatch(1);
        List<String> outcomes = new CopyOnWriteArrayList<>();
        builder.asyncBuildOrRetrieve(
                "k",
                context -> {
                    go.await();
                    return "built";
                },
                LONG,
                value -> outcomes.add("value " + value),
                error -> outcomes.add("error " + error));
        Waiting.await("the build").until(() -> reader.status("k") == BuildStatus.State.PENDING);
        assertThatThrownBy(() -> reader.get("k")).isInstanceOf(BuildPendingException.class);
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> required(reader.get("k", LONG)));
        Waiting.await("the waiter")
                .until(() -> a.namespace("s52").builds().status("k").waiters() == 1);
        go.countDown();
        assertThat(Waiting.get(waiting)).isEqualTo("built");
        Waiting.await("the callback").until(() -> !outcomes.isEmpty());
        assertThat(outcomes).containsExactly("value built");
    }

    @Test
    @Feature({"S-53", "JC-DEL-2", "A-30"})
    void whatWaitsForADeletedBuildIsToldSo(CoordinatorClient a, CoordinatorClient b) {
        ReadThroughCache<String, String> cache = near(a, "s53");
        CountDownLatch go = new CountDownLatch(1);
        var old = cache.buildOrRetrieveAsync(
                "k",
                context -> {
                    go.await();
                    return "old";
                },
                LONG);
        Waiting.await("the build").until(() -> cache.status("k") == BuildStatus.State.PENDING);
        CompletableFuture<String> getting =
                CompletableFuture.supplyAsync(() -> required(near(b, "s53").get("k", LONG)));
        Waiting.await("the waiter")
                .until(() -> b.namespace("s53").builds().status("k").waiters() == 1);
        assertThat(near(b, "s53").delete("k")).isTrue();
        assertThatThrownBy(() -> Waiting.get(getting)).isInstanceOf(KeyNotFoundException.class);
        go.countDown();
        assertThatThrownBy(() -> Waiting.get(old)).isInstanceOf(RuntimeException.class);
        assertThat(cache.status("k")).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    @Feature({"S-56", "JC-EXP-2", "JC-L1-5"})
    void anAbsoluteExpiryHoldsForCopiesToo(Cluster cluster, CoordinatorClient a) {
        Duration ttl = Duration.ofSeconds(2);
        ReadThroughCache<String, String> cache = a.readThroughCache(texts("s56").absoluteExpiry(ttl));
        long start = System.nanoTime();
        cache.<RuntimeException>buildOrRetrieve("k", context -> "v", LONG);
        long built = System.nanoTime();
        boolean there = true;
        while (there) {
            long asked = System.nanoTime();
            try {
                cache.get("k");
                assertThat(Duration.ofNanos(asked - built)).isLessThan(ttl.plusMillis(1_500));
            } catch (KeyNotFoundException e) {
                there = false;
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(ttl);
    }

    @Test
    @Feature({"S-55", "JC-EXP-1", "A-24"})
    void aCopyThatIsReadKeepsASlidingValueAlive(CoordinatorClient a, CoordinatorClient b) {
        Duration ttl = Duration.ofSeconds(2);
        ReadThroughCache<String, String> cache = a.readThroughCache(texts("s55").slidingExpiry(ttl));
        cache.<RuntimeException>buildOrRetrieve("k", context -> "v", LONG);
        long start = System.nanoTime();
        long last = start;
        while (last - start < Duration.ofSeconds(5).toNanos()) {
            assertThat(cache.get("k")).isEqualTo("v");
            last = System.nanoTime();
            Waiting.pass(Duration.ofMillis(20));
        }
        while (b.namespace("s55").builds().status("k").state() == BuildStatus.State.EXISTS) {
            assertThat(Duration.ofNanos(System.nanoTime() - last)).isLessThan(ttl.plusMillis(1_500));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - last)).isGreaterThanOrEqualTo(ttl);
    }

    @Test
    @Feature({"S-58", "S-59", "JC-L1-4", "JC-L1-6", "JC-L1-9"})
    void copiesFollowWhatOthersChangeAndAreNotUsedWithoutAConnection(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("near");
        CoordinatorClient a = cluster.client(links, settings -> settings.requestTimeout(Duration.ofMillis(500)));
        CountingStore store = new CountingStore();
        ReadThroughCache<String, String> cache =
                a.readThroughCache(texts("s59").l1(L1Options.defaults().store(store)));
        for (int i = 0; i < 100; i++) {
            b.namespace("s59").builds().put("k", "v" + i, PutOptions.defaults());
            String value = "v" + i;
            Waiting.await("the new value").until(() -> value.equals(String.valueOf(cache.get("k"))));
        }
        awaitCopy(store, cache, "k");
        links.isolate();
        Waiting.await("the loss of the connection")
                .until(() -> a.state() != ConnectionState.CONNECTED && a.state() != ConnectionState.RECONNECTED);
        b.namespace("s59").builds().put("k", "changed", PutOptions.defaults());
        int hits = store.hits.get();
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(RuntimeException.class);
        assertThat(store.hits).hasValue(hits);
        links.heal();
        Waiting.await("the connection")
                .until(() -> a.state() == ConnectionState.CONNECTED || a.state() == ConnectionState.RECONNECTED);
        for (int i = 0; i < 50; i++) {
            assertThat(cache.get("k")).isEqualTo("changed");
        }
        assertThat(cache.linearizable().get("k")).isEqualTo("changed");
    }

    @Test
    @Feature({"JC-CLS-1", "JC-OPT-2", "JC-OPT-3"})
    void aClosedCacheRefusesAndTheClientStaysOpen(CoordinatorClient a, CoordinatorClient b) {
        ReadThroughCache<String, String> cache = near(a, "closing");
        CountDownLatch never = new CountDownLatch(1);
        b.async()
                .namespace("closing")
                .builds()
                .getOrBuildAsync(
                        "k",
                        String.class,
                        context -> {
                            never.await();
                            return "";
                        },
                        BuildOptions.timeout(LONG));
        Waiting.await("the build").until(() -> cache.status("k") == BuildStatus.State.PENDING);
        var waiting = cache.buildOrRetrieveAsync("k", context -> "own", LONG);
        Waiting.await("the waiter")
                .until(() -> a.namespace("closing").builds().status("k").waiters() == 1);
        cache.close();
        assertThatThrownBy(() -> Waiting.get(waiting)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> cache.linearizable().delete("k")).isInstanceOf(ClosedException.class);
        Waiting.await("no waiter is left")
                .until(() -> a.namespace("closing").builds().status("k").waiters() == 0);
        never.countDown();
        assertThatThrownBy(() -> ReadThroughOptions.of("x", Object.class, String.class))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("KeyCodec");
        assertThatThrownBy(() -> texts("x").slidingExpiry(Duration.ZERO)).isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({
        "S-54",
        "JC-OPT-1",
        "JC-EXP-3",
        "JC-STA-1",
        "JC-STA-2",
        "JC-DEL-1",
        "JC-DEL-3",
        "JC-EVT-1",
        "JC-EVT-2",
        "A-40"
    })
    void cachesAreNamespacesAndDeletesReachAllCopies(CoordinatorClient a, CoordinatorClient b) {
        CountingStore store = new CountingStore();
        ReadThroughCache<String, String> one = a.readThroughCache(texts("ns-1")
                .absoluteExpiry(Duration.ofHours(1))
                .l1(L1Options.defaults().store(store)));
        ReadThroughCache<String, String> other = near(b, "ns-2");
        List<ChangeEvent.Kind> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch =
                b.watch(WatchOptions.buildKey("k").namespace("ns-1"), change -> heard.add(change.kind()))) {
            Waiting.get(watch.started());
            assertThat(one.<RuntimeException>buildOrRetrieve("k", context -> "one", LONG))
                    .isEqualTo("one");
            assertThat(other.<RuntimeException>buildOrRetrieve("k", context -> "two", LONG))
                    .isEqualTo("two");
            awaitCopy(store, one, "k");
            long expiry = b.namespace("ns-1").builds().status("k").resultRevision();
            for (int i = 0; i < 100; i++) {
                assertThat(one.status("k")).isEqualTo(BuildStatus.State.EXISTS);
            }
            assertThat(b.namespace("ns-1").builds().status("k").resultRevision())
                    .isEqualTo(expiry);
            assertThat(near(b, "ns-1").delete("k")).isTrue();
            assertThat(near(b, "ns-1").delete("k")).isFalse();
            Waiting.await("the copy to go").until(() -> !store.copies.containsKey("k"));
            assertThat(one.status("k")).isEqualTo(BuildStatus.State.EMPTY);
            assertThat(other.get("k")).isEqualTo("two");
            assertThatThrownBy(() -> one.<IllegalStateException>buildOrRetrieve(
                            "k",
                            context -> {
                                throw new IllegalStateException("broken");
                            },
                            LONG))
                    .isInstanceOf(IllegalStateException.class);
            Waiting.await("all news").until(() -> heard.size() >= 5);
            assertThat(heard)
                    .containsExactly(
                            ChangeEvent.Kind.STARTED,
                            ChangeEvent.Kind.COMPLETED,
                            ChangeEvent.Kind.DELETED,
                            ChangeEvent.Kind.STARTED,
                            ChangeEvent.Kind.FAILED);
        }
    }

    @Test
    @Feature({"S-51", "JC-BOR-13", "JC-ERR-1"})
    void whoHasNoPatienceTimesOutAlone(CoordinatorClient a, CoordinatorClient b, CoordinatorClient c) {
        CountDownLatch go = new CountDownLatch(1);
        var built = near(a, "s51")
                .buildOrRetrieveAsync(
                        "k",
                        context -> {
                            go.await();
                            return "built";
                        },
                        LONG);
        Waiting.await("the build").until(() -> near(b, "s51").status("k") == BuildStatus.State.PENDING);
        var patient = near(b, "s51").buildOrRetrieveAsync("k", context -> "other", LONG);
        long start = System.nanoTime();
        assertThatThrownBy(() -> near(c, "s51")
                        .<RuntimeException>buildOrRetrieve("k", context -> "hasty", Duration.ofMillis(500)))
                .isInstanceOf(BuildTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(a.namespace("s51").builds().status("k").waiters()).isOne();
        go.countDown();
        assertThat(Waiting.get(built)).isEqualTo("built");
        assertThat(Waiting.get(patient)).isEqualTo("built");
    }
}
