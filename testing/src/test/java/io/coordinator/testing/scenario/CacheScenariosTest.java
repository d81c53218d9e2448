package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.NotANumberException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The cache on three nodes. */
@CoordinatorCluster
class CacheScenariosTest {
    private static final List<String> KEYS = List.of("s20/a", "s20/b", "s20/c");

    private static Map<String, Integer> all(int value) {
        Map<String, Integer> values = new HashMap<>();
        KEYS.forEach(key -> values.put(key, value));
        return values;
    }

    @Test
    @Feature({"S-20", "PM-CACHE-10", "PM-CACHE-11"})
    void whatWasPutTogetherIsReadTogether(Cluster cluster, CoordinatorClient writer, CoordinatorClient reader) {
        int rounds = 300;
        writer.cache().putAll(all(0));
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            int last = 0;
            while (!done.get()) {
                Collection<Entry> entries = reader.cache().getAll(KEYS).values();
                assertThat(entries).hasSize(KEYS.size());
                assertThat(entries.stream().map(entry -> entry.value().asInt()).distinct())
                        .hasSize(1);
                int value = entries.iterator().next().value().asInt();
                assertThat(value).isGreaterThanOrEqualTo(last);
                last = value;
                reads.incrementAndGet();
            }
            return last;
        });
        for (int i = 1; i <= rounds; i++) {
            writer.cache().putAll(all(i));
            if (i == rounds / 2) {
                cluster.kill(cluster.awaitLeader());
            }
        }
        long atTheEnd = reads.get();
        Waiting.await("another read").until(() -> reads.get() > atTheEnd + 1 || read.isDone());
        done.set(true);
        assertThat(Waiting.get(read)).isEqualTo(rounds);
    }

    @Test
    @Feature({"S-20", "PM-CACHE-10", "PM-CACHE-11", "PM-CACHE-6"})
    void whatIsMissingIsLeftOutAndNullIsAValue(CoordinatorClient a) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("null", null);
        values.put("text", "x");
        a.namespace("several").cache().putAll(values, PutOptions.ttl(Duration.ofHours(1)));
        Map<String, Entry> found = a.namespace("several").cache().getAll(List.of("text", "missing", "null", "text"));
        assertThat(found.keySet()).containsExactly("text", "null");
        assertThat(found.get("null")).extracting(Entry::value).asString().isEqualTo("null");
        assertThat(found.get("text")).extracting(Entry::expiresAtMillis).isNotEqualTo(OptionalLong.empty());
        assertThat(a.namespace("several").cache().getAll(List.of())).isEmpty();
        assertThatThrownBy(() -> a.namespace("several").cache().getAll(List.of("")))
                .isInstanceOf(ValidationException.class);
        assertThat(a.namespace("several").cache().putAll(Map.of())).isZero();
    }

    @Test
    @Feature({"S-16", "PM-ATOM-5"})
    void theTtlOfACounterIsTheFirstOneAlsoAfterAFailover(Cluster cluster, CoordinatorClient a) {
        Duration ttl = Duration.ofSeconds(4);
        long start = System.nanoTime();
        a.cache().put("s16", 5, PutOptions.ttl(ttl));
        long put = System.nanoTime();
        assertThat(a.cache()
                        .compareAndSet("s16", Expect.value(5), Next.value(6))
                        .applied())
                .isTrue();
        assertThat(a.cache()
                        .compareAndSet("s16", Expect.value(5), Next.value(7))
                        .applied())
                .isFalse();
        cluster.kill(cluster.awaitLeader());
        assertThat(a.cache().increment("s16", 1)).isEqualTo(7);
        Optional<Entry> found = a.cache().get("s16");
        while (found.isPresent()) {
            found = a.cache().get("s16");
        }
        // No leader's time passes while there is none, so a failover can only prolong it.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(ttl);
        assertThat(Duration.ofNanos(System.nanoTime() - put)).isLessThan(ttl.plusSeconds(8));
    }

    @Test
    @Feature({"S-22", "S-23", "PM-CACHE-13", "PM-CACHE-14", "A-17", "G-12"})
    void whatIsReadStaysAndTheReplicasAgreeOnWhatGoes(Cluster cluster, CoordinatorClient a, CoordinatorClient b) {
        Cache cache = a.namespace("bounded").cache();
        assertThat(cache.configure(CacheSettings.unbounded().maxEntries(3).maxBytes(100)))
                .isZero();
        assertThat(b.namespace("bounded").cache().settings())
                .isEqualTo(CacheSettings.unbounded().maxEntries(3).maxBytes(100));
        for (String key : List.of("k1", "k2", "k3")) {
            cache.put(key, 1);
        }
        List<String> evicted = new CopyOnWriteArrayList<>();
        try (Subscription watch = b.watch(WatchOptions.cachePrefix("").namespace("bounded"), change -> {
            if (change.kind() == ChangeEvent.Kind.EVICTED) {
                evicted.add(change.key());
            }
        })) {
            Waiting.get(watch.started());
            cache.get("k1");
            Waiting.pass(Duration.ofSeconds(3)); // Only the cluster knows when it has heard of a read.
            cache.put("k4", 1);
            Waiting.await("an eviction").until(() -> !evicted.isEmpty());
            assertThat(evicted).containsExactly("k2");
            assertThatThrownBy(() -> cache.put("k1", "x".repeat(100))).isInstanceOf(PayloadTooLargeException.class);
        }
        assertThat(cache.get("k1")).map(Entry::json).contains(new byte[] {'1'});
        assertThat(cache.keys("", "", 10).keys()).containsExactly("k1", "k3", "k4");
        cluster.kill(cluster.awaitLeader());
        for (int i = 0; i < 200; i++) {
            cache.put(
                    "more-" + i % 7, i, i % 2 == 0 ? PutOptions.defaults() : PutOptions.sliding(Duration.ofSeconds(1)));
            cache.get("more-" + i % 5);
        }
        cluster.repair();
        cluster.awaitEqualDigests();
        assertThat(cache.clear("more")).isEqualTo(3);
        assertThat(cache.keys("", "", 10).keys()).isEmpty();
    }

    @Test
    @Feature({"S-55", "A-24", "JC-EXP-1"})
    void whatIsReadDoesNotExpireAndThenDoes(Cluster cluster, CoordinatorClient a) {
        Duration ttl = Duration.ofSeconds(2);
        a.cache().put("s55", "kept", PutOptions.sliding(ttl));
        boolean killed = false;
        long start = System.nanoTime();
        long lastRead = start;
        while (lastRead - start < Duration.ofSeconds(7).toNanos()) {
            assertThat(a.cache().get("s55")).as("read within its time").isPresent();
            lastRead = System.nanoTime();
            Waiting.pass(Duration.ofMillis(400));
            if (!killed && lastRead - start > Duration.ofSeconds(3).toNanos()) {
                cluster.kill(cluster.awaitLeader());
                killed = true;
            }
        }
        // A look that is no access.
        while (a.cache().has("s55")) {
            assertThat(Duration.ofNanos(System.nanoTime() - lastRead)).isLessThan(ttl.plusMillis(1_500));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - lastRead)).isGreaterThanOrEqualTo(ttl);
    }

    /** Numbers as four bytes. */
    private static final class IntCodec implements ValueCodec<Integer> {
        @Override
        public byte[] encode(Integer value) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        }

        @Override
        public Integer decode(byte[] bytes) {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }

    @Test
    @Feature("A-15")
    void valuesOfACodecAreStoredAsTheyAre(CoordinatorClient a, CoordinatorClient b) {
        OpaqueCache<Integer> numbers = a.namespace("opaque").cache().opaque(new IntCodec());
        long revision = numbers.put("n", -7);
        assertThat(b.namespace("opaque").cache().opaque(new IntCodec()).get("n"))
                .contains(new OpaqueCache.Item<>(-7, revision));
        assertThat(numbers.compareAndSet("n", revision, 8)).isTrue();
        assertThat(numbers.compareAndSet("n", revision, 9)).isFalse();
        assertThat(numbers.compareAndSet("new", 0, 9)).isTrue();
        assertThatThrownBy(() -> a.namespace("opaque").cache().increment("n", 1))
                .isInstanceOf(ValidationException.class);
        assertThat(a.namespace("opaque").cache().get("n"))
                .hasValueSatisfying(entry -> assertThat(entry.isOpaque()).isTrue());
        a.namespace("opaque").cache().put("json", 1);
        assertThatThrownBy(() -> numbers.get("json")).isInstanceOf(ValidationException.class);
        assertThat(numbers.delete("n")).isTrue();
        assertThat(numbers.get("n")).isEmpty();
    }

    @Test
    @Feature({"S-15", "PM-CACHE-15", "G-3"})
    void aTtlIsNeverEarlyAndItsEndIsToldOnce(CoordinatorClient a, CoordinatorClient b) {
        Duration ttl = Duration.ofMillis(500);
        List<ChangeEvent.Kind> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch = b.watch(WatchOptions.cacheKey("s15"), change -> heard.add(change.kind()))) {
            Waiting.get(watch.started());
            long start = System.nanoTime();
            a.cache().put("s15", 1, PutOptions.ttl(ttl));
            while (b.cache().get("s15").isPresent()) {
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ttl.plusSeconds(2));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(ttl);
            Waiting.await("its end").until(() -> heard.size() >= 2);
            a.cache().put("s15", 2);
            Waiting.await("the next value").until(() -> heard.size() >= 3);
            assertThat(heard).containsExactly(ChangeEvent.Kind.PUT, ChangeEvent.Kind.EXPIRED, ChangeEvent.Kind.PUT);
        }
    }

    @Test
    @Feature({"S-17", "PM-ATOM-1", "PM-ATOM-2", "PM-ATOM-3", "PM-ATOM-4", "A-18"})
    void onlyNumbersAreAddedTo(CoordinatorClient a) {
        Cache cache = a.namespace("s17").cache();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("text", "x");
        values.put("null", null);
        values.put("object", Map.of());
        values.put("array", List.of());
        cache.putAll(values, PutOptions.ttl(Duration.ofHours(1)));
        Map<String, Entry> before = cache.getAll(values.keySet());
        for (String key : values.keySet()) {
            assertThatThrownBy(() -> cache.increment(key, 1)).isInstanceOf(NotANumberException.class);
            assertThat(cache.get(key))
                    .map(Entry::expiresAtMillis)
                    .isEqualTo(Optional.ofNullable(before.get(key)).map(Entry::expiresAtMillis));
        }
        assertThat(cache.increment("absent", 1)).isEqualTo(1);
        assertThat(cache.decrement("absent", 3)).isEqualTo(-2);
        cache.put("max", Long.MAX_VALUE);
        assertThatThrownBy(() -> cache.increment("max", 1)).isInstanceOf(CounterOverflowException.class);
        BigDecimal beyond = new BigDecimal("9223372036854775807.5");
        cache.put("beyond", beyond);
        assertThatThrownBy(() -> cache.increment("beyond", 0)).isInstanceOf(CounterOverflowException.class);
        assertThat(cache.get("beyond").orElseThrow().value().decimalValue()).isEqualTo(beyond);
        assertThat(cache.get("max"))
                .hasValueSatisfying(
                        entry -> assertThat(entry.value().longValue()).isEqualTo(Long.MAX_VALUE));
    }

    @Test
    @Feature({"S-18", "S-21", "PM-ATOM-6", "PM-ATOM-7", "PM-ATOM-8", "PM-ATOM-9", "A-19", "PM-CACHE-2", "PM-CACHE-6"})
    void whatIsExpectedIsComparedDeeplyAndNullIsNotAbsence(CoordinatorClient a) {
        Cache cache = a.namespace("s18").cache();
        cache.put("null", null);
        assertThat(cache.has("null")).isTrue();
        assertThat(cache.compareAndSet("null", Expect.absent(), Next.value(1)).applied())
                .isFalse();
        assertThat(cache.compareAndSet("absent", Expect.absent(), Next.value(1)).applied())
                .isTrue();
        assertThat(cache.compareAndSet("null", Expect.absentOrNull(), Next.value(2))
                        .applied())
                .isTrue();
        cache.put("object", Map.of("b", 2, "a", 1));
        assertThat(cache.compareAndSet("object", Expect.value(Map.of("a", 1.0, "b", 2)), Next.delete())
                        .applied())
                .isTrue();
        assertThat(cache.has("object")).isFalse();

        PutOptions soon = PutOptions.ttl(Duration.ofSeconds(2)); // Longer than four puts ever take.
        cache.put("dropped", 1, soon);
        cache.put("kept", 1, soon);
        cache.put("dropped", 2);
        cache.put("kept", 2, PutOptions.defaults().keepTtl());
        Waiting.await("its end").until(() -> !cache.has("kept"));
        assertThat(cache.has("dropped")).isTrue();
    }

    @Test
    @Feature({"A-24", "PM-FENCE-4"})
    void readsUnderALostGuardAreNotRefused(CoordinatorClient a) {
        LockHandle lock = a.lock("reader").acquire();
        Cache guarded = a.namespace("guarded-reads").cache().guardedBy(lock.guard());
        guarded.put("k", 1, PutOptions.sliding(Duration.ofSeconds(5)));
        lock.release();
        assertThatThrownBy(() -> guarded.put("k", 2)).isInstanceOf(FencedException.class);
        Waiting.pass(Duration.ofSeconds(1)); // So that a read has to be noted down.
        assertThat(guarded.get("k")).isPresent();
        assertThat(guarded.getAll(List.of("k"))).hasSize(1);
    }
}
