package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.NullNode;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.option.Guard;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CacheTest extends ClientFixture {
    private record Order(String customer, int amount) {}

    @Test
    @Feature({"PM-CACHE-1", "PM-CACHE-5"})
    void valuesGoInAsJavaObjectsAndComeOutAsAnyType() {
        Cache cache = connect().cache();

        long revision = cache.put("order", new Order("ann", 3));

        Entry entry = cache.get("order").orElseThrow();
        assertThat(entry.as(Order.class)).isEqualTo(new Order("ann", 3));
        assertThat(entry.as(new TypeReference<Map<String, Object>>() {})).containsEntry("amount", 3);
        assertThat(entry.value().get("customer").textValue()).isEqualTo("ann");
        assertThat(new String(entry.json(), StandardCharsets.UTF_8)).isEqualTo("{\"customer\":\"ann\",\"amount\":3}");
        assertThat(entry.revision()).isEqualTo(revision);
        assertThat(entry.version()).isEqualTo(1);
        assertThat(entry.expiresAtMillis()).isEmpty();
        assertThatThrownBy(() -> entry.as(Integer.class)).isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"PM-CACHE-4", "G-9"})
    void nullIsAValueAndAbsenceIsNot() {
        Cache cache = connect().cache();
        cache.put("k", null);

        assertThat(cache.get("k").orElseThrow().value()).isEqualTo(NullNode.getInstance());
        assertThat(cache.get("k").orElseThrow().as(String.class)).isNull();
        assertThat(cache.get("other")).isEmpty();
        assertThat(cache.delete("k")).isTrue();
        assertThat(cache.delete("k")).isFalse();
    }

    @Test
    @Feature({"C-48", "PM-CACHE-5"})
    void whoReadsOpaqueBytesAsJsonIsToldWhatTheyAreAndHowToReadThem() {
        Cache cache = connect().cache();
        // The second is JSON by chance, which must not make a difference.
        for (String bytes : List.of("\u00E9 no JSON", "17")) {
            cache.opaque(new Utf8()).put("k", bytes);
            Entry entry = cache.get("k").orElseThrow();
            CasResult refused = cache.compareAndSet("k", Expect.absent(), Next.value(1));
            assertNamesOpaque(entry::value);
            assertNamesOpaque(() -> entry.as(String.class));
            assertNamesOpaque(() -> entry.as(new TypeReference<List<String>>() {}));
            assertNamesOpaque(() -> refused.current().orElseThrow().value());
            assertNamesOpaque(() -> cache.asMap(String.class).get("k"));
            assertThat(entry.json()).isEqualTo(bytes.getBytes(StandardCharsets.UTF_8));
            assertThat(entry)
                    .hasToString(
                            "Entry[k=" + entry.json().length + " opaque bytes, revision=" + entry.revision() + "]");
            assertThat(cache.opaque(new Utf8()).get("k").orElseThrow().value()).isEqualTo(bytes);
        }
    }

    @Test
    @Feature({"C-40", "PM-CACHE-5"})
    void aMapSaysOfKeysThatThereCanNeverBeThatTheyAreNotThere() {
        Map<String, String> map = connect().cache().asMap(String.class);
        map.put("k?", "somebody else's");
        map.put("k".repeat(1_024), "the longest");
        String tooLong = "k".repeat(1_025);
        for (Object never : List.of("", "a\0", "k\uD83D", tooLong, "\u00E9".repeat(513), "\u20AC".repeat(1_000), 7)) {
            assertThat(map.get(never)).isNull();
            assertThat(map.containsKey(never)).isFalse();
            assertThat(map.getOrDefault(never, "default")).isEqualTo("default");
            assertThat(map.remove(never)).isNull();
            assertThat(map.remove(never, "v")).isFalse();
            Object entry = Map.entry(never, "v");
            assertThat(map.entrySet().contains(entry)).isFalse();
            assertThat(map.entrySet().remove(entry)).isFalse();
        }
        for (String never : List.of("", "a\0", "k\uD83D")) {
            assertThat(map.computeIfPresent(never, (key, value) -> "v")).isNull();
            assertThatThrownBy(() -> map.put(never, "v")).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> map.putIfAbsent(never, "v")).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> map.putAll(Map.of(never, "v"))).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> map.computeIfAbsent(never, key -> "v")).isInstanceOf(ValidationException.class);
        }
        assertThat(map.get("k?")).isEqualTo("somebody else's");
        assertThat(map.remove("k".repeat(1_024))).isNotNull();
    }

    private static void assertNamesOpaque(ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("'k' is opaque bytes")
                .hasMessageContaining("Cache.opaque(codec).get");
    }

    private static final class Utf8 implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Test
    @Feature({"PM-ATOM-6", "PM-ATOM-7"})
    void compareAndSetTellsWhetherAndWhat() {
        Cache cache = connect().cache();
        assertThat(cache.compareAndSet("k", Expect.absent(), Next.value("a")).applied())
                .isTrue();

        CasResult refused = cache.compareAndSet("k", Expect.absent(), Next.value("b"));

        assertThat(refused.applied()).isFalse();
        assertThat(refused.current().orElseThrow().as(String.class)).isEqualTo("a");
        assertThat(cache.compareAndSet("k", Expect.value("a"), Next.value("b")).applied())
                .isTrue();
    }

    @Test
    @Feature("PM-ATOM-8")
    void optionsReachTheWire() {
        Cache cache = connect().namespace("spaces").cache();
        long token = cluster.takeLock("L");
        cache.put("a", 1, PutOptions.ttl(Duration.ofSeconds(5)).keepTtl());
        cache.increment("b", 1, Duration.ofSeconds(6));
        cache.guardedBy(new Guard("default", "L", token)).compareAndSet("c", Expect.revision(0), Next.delete());

        List<CacheCommand> commands =
                node.commands().stream().map(Command::getCache).toList();
        assertThat(commands.get(0).getNamespace()).isEqualTo("spaces");
        assertThat(commands.get(0).getPut().getTtlMillis()).isEqualTo(5_000);
        assertThat(commands.get(0).getPut().getKeepTtl()).isTrue();
        assertThat(commands.get(1).getIncrement().getTtlMillis()).isEqualTo(6_000);
        assertThat(commands.get(2).getCompareAndSet().hasNext()).isFalse();
        assertThat(node.commands().get(2).getGuard().getToken()).isEqualTo(token);
    }

    @Test
    @Feature({"PM-CACHE-3", "U-04"})
    void aTtlIsMoreThanNone() {
        Cache cache = connect().cache();
        for (Duration none : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> PutOptions.ttl(none)).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> new PutOptions(none, false, false)).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> Next.value(1).ttlIfCreated(none)).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> CacheSettings.unbounded().defaultTtl(none))
                    .isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> cache.increment("k", 1, none)).isInstanceOf(ValidationException.class);
        }
        assertThat(node.commands()).isEmpty();
    }

    @Test
    @Feature({"C-23", "U-04"})
    void extremeTtlsReachTheWireAsMilliseconds() {
        Cache cache = connect().cache();
        cache.put("a", 1, PutOptions.ttl(ChronoUnit.FOREVER.getDuration()));
        cache.put("b", 1, PutOptions.ttl(Duration.ofMillis(Long.MAX_VALUE)));
        cache.put("c", 1, PutOptions.ttl(Duration.ofNanos(1)));
        cache.put("d", 1, PutOptions.ttl(Duration.ofNanos(1_000_001)));

        assertThat(node.commands())
                .extracting(command -> command.getCache().getPut().getTtlMillis())
                .containsExactly(Times.MILLIS_MAX, Times.MILLIS_MAX, 1L, 2L);
    }

    @Test
    @Feature("C-23")
    void aNumberWhoseNegativeIsNoneIsRefused() {
        Cache cache = connect().cache();
        assertThatThrownBy(() -> cache.decrement("n", Long.MIN_VALUE))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("by must be");
        assertThat(node.commands()).isEmpty();
        assertThat(cache.decrement("n", Long.MAX_VALUE)).isEqualTo(-Long.MAX_VALUE);
    }

    @Test
    void unwritableValueIsRefusedLocally() {
        Cache cache = connect().cache();

        assertThatThrownBy(() -> cache.put("k", new Object())).isInstanceOf(ValidationException.class);
        assertThat(node.commands()).isEmpty();
    }
}
