package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What takes the cache longer than one entry: large clears, bounds over many keys, and bursts of expiries (C-09). */
class CacheSlicesTest extends Script {
    private static final int MANY = 6_000;
    /** A slice of expiries, one of chores, one of the command, and what else a command does. */
    private static final long ENTRY_STEPS = 6 * Budget.SLICE_STEPS;

    private static final Expectation.Builder ABSENT = Expectation.newBuilder().setAbsent(true);

    private void fill(String prefix, int from, int count, long ttlMillis) {
        for (int i = from; i < from + count; i += 1_000) {
            PutValues.Builder values = PutValues.newBuilder().setTtlMillis(ttlMillis);
            for (int k = i; k < Math.min(i + 1_000, from + count); k++) {
                values.addValues(KeyedValue.newBuilder().setKey(key(prefix, k)).setValue(Actor.json("1")));
            }
            session("a").putAll(values);
            session("a").acks(session("a").sent().getSeq());
        }
    }

    private static String key(String prefix, int number) {
        return "%s%06d".formatted(prefix, number);
    }

    /** Applies empty entries until nothing is left to do, none of which takes long, and returns what they told. */
    private List<Change> settle() {
        List<Change> told = new ArrayList<>();
        while (core().hasWorkLeft()) {
            tick();
            assertThat(steps()).isLessThan(ENTRY_STEPS);
            told.addAll(last().changes());
        }
        return told;
    }

    private static List<ChangeKind> kinds(List<Change> changes) {
        return changes.stream().map(Change::getKind).distinct().toList();
    }

    private long cleared(Outcome outcome) {
        return outcome.reply().getCache().getCleared().getCount();
    }

    @Test
    @Feature({"C-09", "PM-CACHE-9"})
    void aLargeClearIsOverAtOnceAndItsRowsGoSilentlyInSlices() {
        fill("p/", 0, MANY, 5_000);
        session("a").put("q", "1");
        assertThat(cleared(session("a").clear("p/").changes(ChangeKind.CLEARED)))
                .isEqualTo(MANY);
        assertThat(steps()).isLessThan(ENTRY_STEPS);
        assertThat(core().hasWorkLeft()).isTrue();

        String hidden = key("p/", MANY - 1);
        assertThat(session("a").get(hidden)).isEmpty();
        assertThat(session("a").getAll(hidden, "q")).containsExactly(null, "1");
        assertThat(session("a").scan("", "", 0).getKeysList()).containsExactly("q");
        assertThat(count("cacheEntries")).isOne();
        assertThat(settle()).isEmpty();
        assertThat(count("cacheEntries")).isOne();
        at(10_000).tick();
        assertThat(last().changes()).isEmpty();
        session("a").clear("").changes(ChangeKind.CLEARED);
        assertThat(stats().getUsageList()).noneMatch(usage -> usage.getData() == DataKind.CACHE);
    }

    @Test
    @Feature({"C-09", "C-08"})
    void aScanPassesOverSoManyRowsThatAreOver() {
        withoutShadow();
        fill("p/", 0, MANY, 5_000);
        cutSlices(1_000);
        session("a").put("o", "1");
        at(10_000).tick();
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("a").scan("", "", 0)).satisfies(page -> {
            assertThat(page.getKeysList()).containsExactly("o");
            assertThat(page.getMore()).isTrue();
        });
        Error busy = query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setScan(ScanValues.newBuilder().setAfter("o"))))
                .getError();
        assertThat(busy.getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(busy.getRetryAfterMillis()).isPositive();
        assertThat(busy.getMessage()).contains("2000 entries");
        cutSlices(Budget.SLICE_STEPS);
        settle();
        assertThat(session("a").scan("", "o", 0).getMore()).isFalse();
    }

    @Test
    @Feature({"C-09", "PM-CACHE-9", "G-3"})
    void aClearedKeyIsGoneForEveryCommand() {
        // So many that the rows looked at are not reclaimed before.
        int many = 3 * MANY;
        fill("p/", 0, many, 5_000);
        session("a").clear("p/");
        List<String> keys = new ArrayList<>();
        for (int i = many - 6; i < many; i++) {
            keys.add(key("p/", i));
        }
        assertThat(session("a")
                        .touch(keys.get(0))
                        .reply()
                        .getCache()
                        .getTouched()
                        .getMissingList())
                .containsExactly(0);
        session("a").compareAndSet(keys.get(1), ABSENT, "2").applied(true).changes(ChangeKind.PUT);
        session("a").increment(keys.get(2), 5).sum("5");
        Command.Builder put = session("a").putCommand(keys.get(3), "3");
        put.getCacheBuilder().getPutBuilder().setWantPrevious(true).setKeepTtl(true);
        assertThat(session("a").send(put).reply().getCache().getWritten().hasPrevious())
                .isFalse();
        assertThat(session("a")
                        .delete(keys.get(4))
                        .changes()
                        .reply()
                        .getCache()
                        .getDeleted()
                        .getExisted())
                .isFalse();
        // The row of the last one is past its deadline before it is reclaimed: nobody hears of that.
        at(6_000).tick();
        assertThat(last().changes()).isEmpty();
        assertThat(settle()).isEmpty();
        assertThat(session("a").scan("", "", 0).getKeysList()).containsExactlyElementsOf(keys.subList(1, 4));
        CacheEntry entry = session("a").entry(keys.get(3)).orElseThrow();
        assertThat(entry.getVersion()).isOne();
        assertThat(entry.getCreateRevision()).isEqualTo(entry.getModRevision());
        assertThat(entry.getExpiresAtMillis()).isZero();
    }

    @Test
    @Feature({"C-09", "PM-CACHE-9"})
    void clearsOfOneAnothersKeysCountEachOnce() {
        fill("a/", 0, MANY, 0);
        fill("b/", 0, 10, 0);
        assertThat(cleared(session("a").clear("a/"))).isEqualTo(MANY);
        fill("a/", MANY - 100, 20, 0);
        fill("a/0", 0, 5, 0);
        assertThat(cleared(session("a").clear("a/0059"))).isEqualTo(20);
        assertThat(cleared(session("a").clear(""))).isEqualTo(10 + 5);
        assertThat(cleared(session("a").clear("").changes())).isZero();
        fill("a/", MANY - 3, 3, 0);
        assertThat(settle()).isEmpty();
        assertThat(count("cacheEntries")).isEqualTo(3);
        assertThat(session("a").scan("", "", 0).getKeysCount()).isEqualTo(3);
    }

    @Test
    @Feature({"C-09", "B-11"})
    void aClearIsTakenBackWithItsTransaction() {
        fill("p/", 0, MANY, 0);
        TransactionCommand.Builder transaction = TransactionCommand.newBuilder()
                .addThen(clear("p/00"))
                .addThen(inCache(
                        key("p/", MANY - 1),
                        CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json("\"text\"")))))
                .addThen(clear("p/"))
                .addThen(inCache(
                        key("p/", 7),
                        CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json("{}")))))
                .addThen(inCache(
                        key("p/", 7),
                        CacheCommand.newBuilder()
                                .setIncrement(Increment.newBuilder().setBy(1))));
        session("a")
                .transact(transaction)
                .refused(ErrorCode.EBATCH, "command 5")
                .changes();
        assertThat(core().hasWorkLeft()).isFalse();
        assertThat(count("cacheEntries")).isEqualTo(MANY);
        assertThat(session("a").get(key("p/", MANY - 1))).hasValue("1");
        assertThat(session("a").scan("p/", key("p/", MANY - 3), 0).getKeysList())
                .containsExactly(key("p/", MANY - 2), key("p/", MANY - 1));
        assertThat(cleared(session("a").clear("p/"))).isEqualTo(MANY);
        settle();
        assertThat(count("cacheEntries")).isZero();
    }

    @Test
    @Feature({"C-09", "B-11", "R-24"})
    void aClearedKeyStaysClearedAfterARefusedTransactionHasTouchedIt() {
        fill("p/", 0, MANY, 0);
        assertThat(cleared(session("a").clear("p/"))).isEqualTo(MANY);
        String last = key("p/", MANY - 1);
        CacheCommand.Builder put =
                CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json("{}")));
        CacheCommand.Builder add =
                CacheCommand.newBuilder().setIncrement(Increment.newBuilder().setBy(1));
        session("a")
                .transact(TransactionCommand.newBuilder()
                        .addThen(inCache(last, put))
                        .addThen(inCache(last, add)))
                .refused(ErrorCode.EBATCH, "command 2")
                .changes();
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(count("cacheEntries")).isZero();
        settle();
        assertThat(session("a").get(last)).isEmpty();
        assertThat(session("a").scan("p/", "", 0).getKeysList()).isEmpty();
        assertThat(count("cacheEntries")).isZero();
    }

    @Test
    @Feature("C-09")
    void tooManyLargeClearsAtOnceAreToldToComeAgain() {
        withoutShadow();
        int keys = 300;
        for (int i = 0; i < 70; i++) {
            fill(i + "/", 0, keys, 0);
        }
        Entry.Builder entry = Entry.newBuilder();
        // What the entry may take is used up by others, so that each clear gets little done at once.
        PutValues.Builder values = PutValues.newBuilder();
        for (int k = 0; k < 1_000; k++) {
            values.addValues(KeyedValue.newBuilder().setKey(key("x/", k)).setValue(Actor.json("1")));
        }
        for (int i = 0; i < 36; i++) {
            entry.addCommands(
                    session("a").stamp(inCache("", CacheCommand.newBuilder().setPutAll(values)).toBuilder()));
        }
        for (int i = 0; i < 70; i++) {
            entry.addCommands(session("a").stamp(clear(i + "/").toBuilder()));
        }
        List<Reply> replies = apply(entry).replies();
        Error last = replies.get(replies.size() - 1).getError();
        assertThat(last.getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(last.getRetryAfterMillis()).isPositive();
        List<Reply> clears = replies.subList(36, replies.size());
        assertThat(clears.stream().filter(Reply::hasError)).hasSize(70 - 64);
        assertThat(count("cacheEntries")).isEqualTo(1_000 + 6 * keys);
        assertThat(session("a").get(key("69/", 0))).isPresent();
        settle();
        session("a").clear("69/").changes(ChangeKind.CLEARED);
    }

    private static Command clear(String prefix) {
        return inCache(prefix, CacheCommand.newBuilder().setClear(ClearValues.getDefaultInstance()));
    }

    private static Command inCache(String key, CacheCommand.Builder operation) {
        return Command.newBuilder()
                .setCache(operation.setNamespace(Actor.NAMESPACE).setKey(key))
                .build();
    }

    // ---- bounds ----

    @Test
    @Feature({"C-09", "PM-CACHE-12", "A-17"})
    void boundsOverManyKeysEvictTheOldestInSlices() {
        fill("k/", 0, MANY, 0);
        session("a").put(key("k/", 0), "2");
        session("a").configure(100, 0, 0);
        assertThat(steps()).isLessThan(ENTRY_STEPS);
        // Used while the rest is still being counted.
        session("a").touch(key("k/", 5));
        session("a").put(key("k/", 6), "2").changes(ChangeKind.PUT);
        assertThat(kinds(settle())).containsExactly(ChangeKind.EVICTED);
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(100);
        assertThat(session("a").scan("", "", 200).getKeysCount()).isEqualTo(100);
        for (int i : new int[] {0, 5, 6, MANY - 1, MANY - 97}) {
            assertThat(session("a").get(key("k/", i))).as("%s", i).isPresent();
        }
        assertThat(session("a").get(key("k/", MANY - 98))).isEmpty();
    }

    @Test
    @Feature({"C-09", "PM-CACHE-12"})
    void boundsMayChangeWhileTheyAreBeingSet() {
        fill("k/", 0, MANY, 0);
        session("a").configure(100, 0, 0);
        session("a").configure(0, 0, 0);
        assertThat(session("a").cacheSettings().getEntries()).isZero();
        session("a").put("new", "1");
        session("a").configure(0, 1 << 20, 0);
        session("a").delete(key("k/", 3));
        settle();
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(MANY);
        assertThat(session("a").cacheSettings().getBytes()).isEqualTo((MANY - 1L) * (8 + 1) + 4);
        session("a").configure(0, 0, 0).changes();
        assertThat(settle()).isEmpty();
        assertThat(count("cacheEntries")).isEqualTo(MANY);
        assertThat(session("a").entry("new").orElseThrow().getUsed()).isZero();
        assertThat(stats().getUsage(0).getRows()).isEqualTo(MANY);
    }

    @Test
    @Feature({"C-09", "PM-CACHE-13"})
    void onePutEvictsABoundedNumberAtOnce() {
        session("a").configure(0, 60_000, 0);
        fill("k/", 0, MANY, 0);
        session("a").put("large", "\"" + "x".repeat(59_000) + "\"");
        assertThat(last().changes()).hasSizeLessThan(MANY / 2);
        assertThat(steps()).isLessThan(ENTRY_STEPS);
        assertThat(kinds(settle())).containsExactly(ChangeKind.EVICTED);
        assertThat(session("a").get("large")).isPresent();
        assertThat(session("a").cacheSettings().getBytes()).isBetween(59_000L, 60_000L);
    }

    @Test
    @Feature({"C-09", "PM-CACHE-13"})
    void rowsOfClearedKeysGoBeforeAnythingThatIsThere() {
        session("a").configure(MANY, 0, 0);
        fill("old/", 0, MANY, 0);
        session("a").clear("old/");
        assertThat(session("a").cacheSettings().getEntries()).isZero();
        for (int from = 0; from < MANY; from += 1_000) {
            fill("new/", from, 1_000, 0);
            assertThat(kinds(last().changes())).containsExactly(ChangeKind.PUT);
        }
        assertThat(settle()).isEmpty();
        assertThat(session("a").cacheSettings().getEntries()).isEqualTo(MANY);
        session("a").put("one/more", "1").changes(ChangeKind.PUT, ChangeKind.EVICTED);
    }

    // ---- expiry ----

    @Test
    @Feature({"C-09", "G-3", "PM-CACHE-2"})
    void whatIsPastItsDeadlineIsGoneAlsoBeforeItsRowIs() {
        fill("t/", 0, MANY, 1_000);
        at(5_000).tick();
        assertThat(steps()).isLessThan(ENTRY_STEPS);
        int expired = last().changes().size();
        assertThat(expired).isLessThan(MANY);
        String late = key("t/", MANY - 1);
        assertThat(session("a").get(late)).isEmpty();
        assertThat(session("a").scan("", "", 0).getKeysList()).isEmpty();
        assertThat(core().hasWorkLeft()).isTrue();

        // The entry of this command expires a slice as well; then the key itself.
        session("a").put(late, "2");
        List<Change> told = last().changes();
        assertThat(told.subList(told.size() - 2, told.size()))
                .extracting(Change::getKey, Change::getKind)
                .containsExactly(tuple(late, ChangeKind.EXPIRED), tuple(late, ChangeKind.PUT));
        assertThat(session("a").entry(late).map(CacheEntry::getVersion)).contains(1L);
        List<Change> rest = settle();
        assertThat(expired + told.size() - 1 + rest.size()).isEqualTo(MANY);
        assertThat(count("cacheEntries")).isOne();
    }
}
