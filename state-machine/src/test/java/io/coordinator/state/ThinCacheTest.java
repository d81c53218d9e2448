package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.NamespaceUsage;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same as {@link CacheSlicesTest} with few keys and one thing done in each entry, before both replicas. */
@Feature("C-09")
class ThinCacheTest extends Script {
    private static final int FEW = 6;

    @BeforeEach
    void oneThingAtATime() {
        at(1_000).session("a");
        cutSlices(1);
    }

    private static PutValues.Builder values(String prefix, int count) {
        PutValues.Builder values = PutValues.newBuilder();
        for (int i = 0; i < count; i++) {
            values.addValues(KeyedValue.newBuilder().setKey(prefix + i).setValue(Actor.json("1")));
        }
        return values;
    }

    private void fill(String prefix, int count) {
        session("a").putAll(values(prefix, count));
    }

    private List<String> keys() {
        return session("a").scan("", "", 0).getKeysList();
    }

    private static long cleared(Outcome outcome) {
        return outcome.reply().getCache().getCleared().getCount();
    }

    private long rows() {
        return stats().getUsageList().stream()
                .filter(usage -> usage.getData() == DataKind.CACHE)
                .mapToLong(NamespaceUsage::getRows)
                .sum();
    }

    /** Applies empty entries until nothing is left to do, and returns what they told. */
    private List<Change> settle() {
        assertThat(core().hasWorkLeft()).isTrue();
        List<Change> told = new ArrayList<>();
        while (core().hasWorkLeft()) {
            tick();
            told.addAll(last().changes());
        }
        return told;
    }

    private static Command inCache(String key, CacheCommand.Builder operation) {
        return Command.newBuilder()
                .setCache(operation.setNamespace(Actor.NAMESPACE).setKey(key))
                .build();
    }

    private static Command clear(String prefix) {
        return inCache(prefix, CacheCommand.newBuilder().setClear(ClearValues.getDefaultInstance()));
    }

    private static Command put(String key, String json) {
        return inCache(
                key, CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json(json))));
    }

    private static Command increment(String key) {
        return inCache(
                key,
                CacheCommand.newBuilder().setIncrement(Increment.newBuilder().setBy(1)));
    }

    // ---- clears ----

    @Test
    @Feature({"PM-CACHE-9", "G-3"})
    void whatIsClearedIsGoneBeforeItsRowIsAndNothingElse() {
        fill("p/", FEW);
        session("a").put("q", "1");
        assertThat(cleared(session("a").clear("p/").changes(ChangeKind.CLEARED)))
                .isEqualTo(FEW);
        assertThat(rows()).isGreaterThan(FEW / 2);
        assertThat(session("a").getAll("p/0", "p/5", "q")).containsExactly(null, null, "1");
        assertThat(keys()).containsExactly("q");
        assertThat(count("cacheEntries")).isOne();

        session("a").put("p/5", "2").changes(ChangeKind.PUT);
        assertThat(session("a").entry("p/5").map(CacheEntry::getVersion)).contains(1L);
        assertThat(cleared(session("a").clear("p/"))).isOne();
        session("a").put("p/4", "3");

        assertThat(settle()).isEmpty();
        assertThat(keys()).containsExactly("p/4", "q");
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    @Feature("PM-CACHE-12")
    void clearedRowsAreNotAmongTheEntriesThoughTheyCountUntilTheyAreReclaimed() {
        session("a").configure(FEW, 0, 0);
        fill("p/", FEW);
        session("a").clear("p/");
        assertThat(session("a").cacheSettings().getEntries()).isZero();
        assertThat(session("a").cacheSettings().getBytes()).isPositive();
        settle();
        assertThat(session("a").cacheSettings().getEntries()).isZero();
        assertThat(session("a").cacheSettings().getBytes()).isZero();
    }

    @Test
    @Feature("PM-CACHE-13")
    void clearedRowsGoBeforeAnythingThatIsThere() {
        session("a").configure(FEW, 0, 0);
        fill("old/", FEW);
        session("a").clear("old/");
        fill("new/", FEW);
        assertThat(last().changes()).hasSize(FEW).extracting(Change::getKind).containsOnly(ChangeKind.PUT);
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(FEW);
        session("a").put("one more", "1").changes(ChangeKind.PUT, ChangeKind.EVICTED);
    }

    @Test
    @Feature("PM-CACHE-9")
    void aNamespaceIsClearedAlone() {
        Command.Builder elsewhere = session("a").putCommand("p/1", "2");
        elsewhere.getCacheBuilder().setNamespace("other");
        session("a").send(elsewhere);
        fill("p/", FEW);
        assertThat(cleared(session("a").clear(""))).isEqualTo(FEW);
        assertThat(count("cacheEntries")).isOne();
        settle();
        assertThat(rows()).isOne();
    }

    @Test
    @Feature({"PM-CACHE-9", "B-11"})
    void aClearIsTakenBackWithItsTransaction() {
        fill("p/", FEW);
        session("a").put("text", "\"x\"");
        session("a")
                .transact(TransactionCommand.newBuilder()
                        .addThen(clear("p/"))
                        .addThen(put("p/5", "2"))
                        .addThen(clear("p/"))
                        .addThen(increment("text")))
                .refused(ErrorCode.EBATCH, "command 4")
                .changes();
        assertThat(core().hasWorkLeft()).isFalse();
        assertThat(session("a").get("p/5")).hasValue("1");
        assertThat(keys()).hasSize(FEW + 1);
        assertThat(cleared(session("a").clear("p/"))).isEqualTo(FEW);
        session("a")
                .transact(
                        TransactionCommand.newBuilder().addThen(put("p/5", "2")).addThen(increment("text")))
                .refused(ErrorCode.EBATCH, "command 2");
        assertThat(session("a").get("p/5")).isEmpty();
        settle();
        assertThat(keys()).containsExactly("text");
    }

    @Test
    void soManyLargeClearsAreUnderWayAndTheNextIsToldToComeAgain() {
        fill("large/", 257);
        fill("small/", 256);
        Entry.Builder entry = Entry.newBuilder();
        for (int i = 0; i < 64; i++) {
            fill(i + "/", 2);
        }
        assertThat(core().hasWorkLeft()).isFalse();
        for (int i = 0; i < 64; i++) {
            entry.addCommands(session("a").stamp(clear(i + "/").toBuilder()));
        }
        Stream.of("large/", "small/")
                .forEach(prefix -> entry.addCommands(session("a").stamp(clear(prefix).toBuilder())));
        List<Reply> replies = apply(entry).replies();
        assertThat(replies.subList(0, 64)).noneMatch(Reply::hasError);
        Error busy = replies.get(64).getError();
        assertThat(busy.getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(busy.getRetryAfterMillis()).isPositive();
        assertThat(replies.get(65).getCache().getCleared().getCount()).isEqualTo(256);
        assertThat(count("cacheEntries")).isEqualTo(257);
        settle();
        assertThat(count("cacheEntries")).isEqualTo(257);
        assertThat(rows()).isEqualTo(257);
    }

    // ---- bounds ----

    @Test
    @Feature({"PM-CACHE-12", "A-17"})
    void boundsEvictWhatWasUsedLongestAgoWhenAllAreCounted() {
        fill("k", FEW);
        session("a").put("k0", "2");
        session("a").configure(3, 0, 0).changes();
        session("a").touch("k5").changes();
        session("a").put("k4", "2").changes(ChangeKind.PUT);
        assertThat(settle())
                .extracting(Change::getKey, Change::getKind)
                .containsExactly(
                        tuple("k1", ChangeKind.EVICTED),
                        tuple("k2", ChangeKind.EVICTED),
                        tuple("k3", ChangeKind.EVICTED));
        assertThat(keys()).containsExactly("k0", "k4", "k5");
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(3);
        session("a").put("k6", "1").changes(ChangeKind.PUT, ChangeKind.EVICTED);
        assertThat(keys()).containsExactly("k4", "k5", "k6");
    }

    @Test
    @Feature("PM-CACHE-12")
    void boundsMayChangeWhileTheyAreBeingSet() {
        fill("k", FEW);
        session("a").configure(3, 0, 0);
        session("a").configure(0, 0, 0).changes();
        assertThat(settle()).isEmpty();
        assertThat(rows()).isEqualTo(FEW);
        assertThat(session("a").entry("k0").map(CacheEntry::getUsed)).contains(0L);

        session("a").configure(0, 1_000, 0);
        session("a").delete("k5");
        settle();
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(FEW - 1);
        assertThat(session("a").cacheSettings().getBytes()).isEqualTo(3 * (FEW - 1));
        session("a").configure(3, 0, 0);
        assertThat(settle()).extracting(Change::getKey).containsExactly("k1");
    }

    @Test
    @Feature("PM-CACHE-13")
    void whatOnePutHasNoTimeToEvictGoesLater() {
        session("a").configure(0, 3 * FEW, 0);
        fill("k", FEW);
        session("a").put("l", "\"" + "x".repeat(14) + "\"").changes(ChangeKind.PUT, ChangeKind.EVICTED);
        assertThat(settle()).hasSize(FEW - 1).extracting(Change::getKind).containsOnly(ChangeKind.EVICTED);
        assertThat(keys()).containsExactly("l");
    }

    // ---- expiry ----

    @Test
    @Feature({"G-3", "PM-CACHE-2", "PM-CACHE-15"})
    void whatIsPastItsDeadlineHasExpiredWhoeverRemovesIt() {
        session("a").configure(4, 0, 0);
        session("a").putAll(values("t", 4).setTtlMillis(1_000));
        at(5_000).session("a").putAll(values("u", 2));
        assertThat(last().changes())
                .extracting(Change::getKey, Change::getKind)
                .containsExactly(
                        tuple("t0", ChangeKind.EXPIRED),
                        tuple("u0", ChangeKind.PUT),
                        tuple("u1", ChangeKind.PUT),
                        tuple("t1", ChangeKind.EXPIRED));
        assertThat(session("a").get("t3")).isEmpty();
        assertThat(keys()).containsExactly("u0", "u1");
        session("a").put("t3", "2");
        assertThat(last().changes())
                .extracting(Change::getKey, Change::getKind)
                .endsWith(tuple("t3", ChangeKind.EXPIRED), tuple("t3", ChangeKind.PUT));
        assertThat(session("a").entry("t3").map(CacheEntry::getVersion)).contains(1L);
    }
}
