package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.Entry;
import io.coordinator.client.PutOptions;
import io.coordinator.client.ValidationException;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
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
        a.cache("several").putAll(values, PutOptions.ttl(Duration.ofHours(1)));
        Map<String, Entry> found = a.cache("several").getAll(List.of("text", "missing", "null", "text"));
        assertThat(found.keySet()).containsExactly("text", "null");
        assertThat(found.get("null")).extracting(Entry::value).asString().isEqualTo("null");
        assertThat(found.get("text")).extracting(Entry::expiresAtMillis).isNotEqualTo(OptionalLong.empty());
        assertThat(a.cache("several").getAll(List.of())).isEmpty();
        assertThatThrownBy(() -> a.cache("several").getAll(List.of(""))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> a.cache("several").putAll(Map.of())).isInstanceOf(ValidationException.class);
    }
}
