package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.DataType;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Bounds, sliding expiry, clearing and opaque values of the cache. */
class CacheBoundsTest extends Script {
    private List<String> present(String... keys) {
        return List.of(keys).stream()
                .filter(key -> session("a").get(key).isPresent())
                .toList();
    }

    @Test
    @Feature({"S-22", "PM-CACHE-12", "PM-CACHE-13", "A-17", "G-12"})
    void whatWasUsedLongestAgoIsEvicted() {
        session("a").configure(3, 0, 0);
        for (String key : List.of("k1", "k2", "k3")) {
            session("a").put(key, "1");
        }
        assertThat(session("a").got("k1").getTouchSoon()).isTrue();
        session("a").touch("k1", "none");
        session("a").put("k4", "1").changes(ChangeKind.PUT, ChangeKind.EVICTED);
        assertThat(last().changes()).last().extracting(Change::getKey).isEqualTo("k2");
        assertThat(present("k1", "k2", "k3", "k4")).containsExactly("k1", "k3", "k4");
        session("a").increment("k3", 1);
        session("a")
                .compareAndSet("k1", Expectation.newBuilder().setAbsent(true), "2")
                .applied(false);
        session("a").put("k5", "1");
        assertThat(present("k1", "k3", "k4", "k5")).containsExactly("k3", "k4", "k5");
        session("a").delete("k4");
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(2);
    }

    @Test
    @Feature({"S-23", "PM-CACHE-12", "PM-CACHE-14"})
    void bytesAreBoundedAndWhatFitsNowhereIsRefused() {
        session("a").configure(0, 20, 0);
        session("a").put("a", "\"12345\"");
        session("a").put("b", "\"12345\"");
        assertThat(session("a").cacheSettings().getBytes()).isEqualTo(16);
        String tooLong = "\"" + "x".repeat(20) + "\"";
        session("a")
                .put("a", tooLong)
                .refused(ErrorCode.ETOOLARGE, "larger than all values")
                .changes();
        assertThat(session("a").get("a")).hasValue("\"12345\"");
        session("a")
                .putAll(PutValues.newBuilder()
                        .addValues(KeyedValue.newBuilder().setKey("c").setValue(Actor.json("1")))
                        .addValues(KeyedValue.newBuilder().setKey("b").setValue(Actor.json(tooLong))))
                .refused(ErrorCode.ETOOLARGE, "larger than all values")
                .changes();
        assertThat(present("a", "b", "c")).containsExactly("a", "b");
        session("a").put("ä", "\"12\"").changes(ChangeKind.PUT, ChangeKind.EVICTED);
        assertThat(session("a").cacheSettings().getBytes()).isEqualTo(8 + 6);
        session("a").put("b", "\"1234567890\"");
        CacheNamespace both = session("a").cacheSettings();
        assertThat(both.getBytes()).isEqualTo(13 + 6);
        assertThat(both.getEntries()).isEqualTo(2);
    }

    @Test
    @Feature("PM-CACHE-12")
    void boundsAreSetChangedAndTakenAway() {
        for (int i = 0; i < 5; i++) {
            session("a").put("k" + i, "1");
        }
        session("a").put("k0", "2");
        session("a").configure(3, 0, 0).changes(ChangeKind.EVICTED, ChangeKind.EVICTED);
        assertThat(evicted()).isEqualTo(2);
        assertThat(present("k0", "k1", "k2", "k3", "k4")).containsExactly("k0", "k3", "k4");
        session("a").configure(0, 0, 0).changes();
        session("a").put("k5", "1");
        assertThat(present("k0", "k3", "k4", "k5")).hasSize(4);
        assertThat(session("a").cacheSettings()).isEqualTo(CacheNamespace.getDefaultInstance());
        session("a").configure(1, 0, 0);
        assertThat(present("k0", "k3", "k4", "k5")).containsExactly("k5");
    }

    private long evicted() {
        return last().replies().get(0).getCache().getConfigured().getEvicted();
    }

    @Test
    @Feature("PM-CACHE-12")
    void settingsAreToldAsTheyWereSetAndAreOfTheirNamespaceAlone() {
        session("a").configure(2, 100, 3_000);
        assertThat(session("a").cacheSettings().getSettings())
                .isEqualTo(CacheSettings.newBuilder()
                        .setEntriesMax(2)
                        .setBytesMax(100)
                        .setTtlMillis(3_000)
                        .build());
        Command.Builder before = session("a").putCommand("k", "1");
        before.getCacheBuilder().setNamespace("aaa");
        Command.Builder behind = session("a").putCommand("k", "1");
        behind.getCacheBuilder().setNamespace("zzz");
        session("a").send(before);
        session("a").send(behind);
        session("a").put("k", "1");
        session("a").put("l", "1").changes(ChangeKind.PUT);
        session("a").configure(0, 0, 0).changes();
        assertThat(count("cacheEntries")).isEqualTo(4);
        assertThat(session("a").entry("k").map(CacheEntry::getUsed)).contains(0L);
    }

    @Test
    @Feature({"S-23", "PM-CACHE-14"})
    void whatIsAsLargeAsTheBoundFits() {
        session("a").configure(0, 10, 0);
        session("a").put("k", "123456789").changes(ChangeKind.PUT);
        session("a").put("k", "1234").changes(ChangeKind.PUT);
        session("a").put("l", "1234").changes(ChangeKind.PUT);
        assertThat(session("a").cacheSettings().getBytes()).isEqualTo(10);
        session("a").put("l", "12345").changes(ChangeKind.PUT, ChangeKind.EVICTED);
    }

    @Test
    @Feature({"S-23", "PM-CACHE-14"})
    void aSumThatFitsNowhereIsRefused() {
        session("a").configure(0, 3, 0);
        session("a").put("n", "99");
        session("a")
                .increment("n", 1)
                .refused(ErrorCode.ETOOLARGE, "larger than all values")
                .changes();
        assertThat(session("a").get("n")).hasValue("99");
    }

    @Test
    @Feature({"C-07", "PM-CACHE-12"})
    void aFullStateTakesOtherSettingsWhereThereAreSome() {
        Command.Builder configure = Command.newBuilder();
        configure.getCacheBuilder().setNamespace(Actor.NAMESPACE).getConfigureBuilder();
        DataType cache = Objects.requireNonNull(core().state().types.find(Command.CACHE_FIELD_NUMBER));
        session("a").configure(0, 0, 0);
        assertThat(cache.isFreeing(configure.build())).isFalse();
        session("a").configure(1, 0, 0);
        assertThat(cache.isFreeing(configure.build())).isTrue();
    }

    @Test
    @Feature({"PM-CACHE-2", "PM-CACHE-12"})
    void valuesWithoutATtlGetTheNamespaces() {
        session("a").configure(0, 0, 1_000);
        at(1_000).session("a").put("default", "1");
        session("a").put("own", "1", 3_000, false);
        session("a").increment("counter", 1);
        at(2_000).tick();
        assertThat(present("default", "own", "counter")).containsExactly("own");
    }

    @Test
    @Feature("A-24")
    void slidingIsNeverEarlyAndAtMostATenthLate() {
        at(1_000).session("a").sliding("k", "1", 1_000);
        at(1_100).session("a").touch("k");
        assertThat(session("a").entry("k").map(CacheEntry::getExpiresAtMillis))
                .as("a touch that is not needed")
                .contains(2_100L);
        at(1_101).tick();
        assertThat(session("a")
                        .touch("k", "gone")
                        .reply()
                        .getCache()
                        .getTouched()
                        .getMissingList())
                .containsExactly(1);
        assertThat(session("a").entry("k").map(CacheEntry::getExpiresAtMillis)).contains(2_201L);
        assertThat(session("a").entry("k").map(CacheEntry::getVersion)).contains(1L);
        at(2_200).tick();
        assertThat(session("a").get("k")).isPresent();
        at(2_201).tick();
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(ChangeKind.EXPIRED);
    }

    @Test
    @Feature({"A-24", "PM-CACHE-3"})
    void whatSlidesWithoutATtlStaysForEver() {
        at(1_000).session("a").sliding("k", "1", 0);
        assertThat(session("a").entry("k").map(CacheEntry::getExpiresAtMillis)).contains(0L);
        at(1_000_000).tick();
        assertThat(session("a").get("k")).isPresent();
    }

    @Test
    @Feature("A-24")
    void writesAreAccessesToo() {
        at(1_000).session("a").sliding("n", "1", 1_000);
        at(1_900).session("a").increment("n", 1);
        assertThat(session("a").entry("n").map(CacheEntry::getExpiresAtMillis)).contains(3_000L);
        at(2_500).session("a").put("n", "4", 0, true);
        assertThat(session("a").entry("n").map(CacheEntry::getExpiresAtMillis)).contains(3_600L);
        at(2_900).session("a").put("n", "5");
        assertThat(session("a").entry("n").map(CacheEntry::getSlidingMillis)).contains(0L);
    }

    @Test
    @Feature("PM-CACHE-9")
    void clearingIsOneChangeAndTouchesNothingElse() {
        for (String key : List.of("a/1", "a/2", "b")) {
            session("a").put(key, "1");
        }
        session("a").acquire("a/1");
        session("a").clear("a/").changes(ChangeKind.CLEARED);
        assertThat(last().changes().get(0).getKey()).isEqualTo("a/");
        assertThat(present("a/1", "a/2", "b")).containsExactly("b");
        session("a").clear("a/").changes();
        session("a").configure(2, 0, 0);
        assertThat(session("a").clear("").reply().getCache().getCleared().getCount())
                .isOne();
        assertThat(session("a").cacheSettings().getEntries()).isZero();
    }

    @Test
    @Feature("A-15")
    void opaqueValuesAreStoredButNeitherComparedNorAddedTo() {
        ByteString bytes = ByteString.copyFrom(new byte[] {1, 0, -1});
        session("a").opaque("o", bytes).changes(ChangeKind.PUT);
        assertThat(last().changes().get(0).getValue()).isEqualTo(ByteString.EMPTY);
        assertThat(session("a").entry("o").map(CacheEntry::getValue)).isEqualTo(Optional.of(bytes));
        session("a").increment("o", 1).refused(ErrorCode.EINVAL, "opaque");
        session("a")
                .compareAndSet("o", Expectation.newBuilder().setValue(Actor.json("1")), "2")
                .refused(ErrorCode.EINVAL, "opaque");
        long revision = session("a").entry("o").orElseThrow().getModRevision();
        session("a")
                .compareAndSet("o", Expectation.newBuilder().setRevision(revision), "2")
                .applied(true);
        assertThat(session("a").get("o")).hasValue("2");
    }

    @Test
    @Feature({"A-15", "B-11", "C-48"})
    void anOpaqueValueIsNotComparedInATransactionEither() {
        session("a").opaque("o", ByteString.copyFrom(new byte[] {1, 0, -1}));
        Condition.Builder condition = Condition.newBuilder()
                .setCache(CacheCondition.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setKey("o")
                        .setExpect(Expectation.newBuilder().setValue(Actor.json("1"))));
        session("a")
                .transact(TransactionCommand.newBuilder().addConditions(condition))
                .refused(ErrorCode.EINVAL, "opaque")
                .changes();
    }

    @Test
    @Feature({"B-11", "PM-CACHE-13"})
    void anEvictionIsTakenBackWithItsTransaction() {
        session("a").configure(2, 0, 0);
        session("a").put("k1", "\"text\"");
        session("a").put("k2", "1");
        CacheNamespace before = session("a").cacheSettings();
        session("a")
                .transact(TransactionCommand.newBuilder()
                        .addThen(inCache(
                                "k3",
                                cache -> cache.setPut(PutValue.newBuilder().setValue(Actor.json("1")))))
                        .addThen(inCache(
                                "k2",
                                cache -> cache.setIncrement(
                                        Increment.newBuilder().setBy(1))))
                        .addThen(inCache(
                                "k2",
                                cache -> cache.setPut(PutValue.newBuilder().setValue(Actor.json("{}")))))
                        .addThen(inCache(
                                "k2",
                                cache -> cache.setIncrement(
                                        Increment.newBuilder().setBy(1)))))
                .refused(ErrorCode.EBATCH, "command 4")
                .changes();
        assertThat(present("k1", "k2", "k3")).containsExactly("k1", "k2");
        assertThat(session("a").cacheSettings()).isEqualTo(before);
        session("a").put("k4", "1").changes(ChangeKind.PUT, ChangeKind.EVICTED);
        assertThat(present("k1", "k2", "k4")).containsExactly("k2", "k4");
    }

    private static Command inCache(String key, UnaryOperator<CacheCommand.Builder> operation) {
        return Command.newBuilder()
                .setCache(operation.apply(
                        CacheCommand.newBuilder().setNamespace(Actor.NAMESPACE).setKey(key)))
                .build();
    }

    @Test
    void badSettingsAreRefused() {
        session("a").configure(-1, 0, 0).refused(ErrorCode.EINVAL, "entries_max");
        session("a").configure(0, -1, 0).refused(ErrorCode.EINVAL, "bytes_max");
        session("a").configure(0, 0, -1).refused(ErrorCode.EINVAL, "ttl_millis");
    }
}
