package io.coordinator.state;

import static io.coordinator.protocol.CacheReply.OutcomeCase.COMPARED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.INCREMENTED;
import static io.coordinator.protocol.CacheReply.OutcomeCase.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheTest extends Script {
    private static final Expectation.Builder ABSENT = Expectation.newBuilder().setAbsent(true);
    private static final Expectation.Builder ABSENT_OR_NULL =
            Expectation.newBuilder().setAbsentOrNull(true);

    private static Expectation.Builder value(String json) {
        return Expectation.newBuilder().setValue(Actor.json(json));
    }

    private static Expectation.Builder revision(long revision) {
        return Expectation.newBuilder().setRevision(revision);
    }

    @Test
    @Feature({"PM-CACHE-1", "PM-CACHE-5", "G-10"})
    void putThenGet() {
        Outcome put = session("a").put("k", "{\"a\":1}").gives(WRITTEN).changes(ChangeKind.PUT);
        assertThat(put.reply().getCache().getWritten().getRevision()).isEqualTo(put.revision());
        assertThat(session("b").get("k")).hasValue("{\"a\":1}");
        assertThat(session("b").get("other")).isEmpty();
    }

    @Test
    @Feature("G-10")
    void revisionsAndVersionsCountChanges() {
        long first = session("a").put("k", "1").revision();
        session("a").put("other", "1");
        long second = session("a").put("k", "1").revision();

        CacheEntry entry = session("a").entry("k").orElseThrow();
        assertThat(entry.getCreateRevision()).isEqualTo(first);
        assertThat(entry.getModRevision()).isEqualTo(second).isEqualTo(first + 2);
        assertThat(entry.getVersion()).isEqualTo(2);

        session("a").delete("k");
        session("a").put("k", "1");
        assertThat(session("a").entry("k").orElseThrow().getVersion()).isEqualTo(1);
    }

    private static KeyedValue keyed(String key, String json) {
        return KeyedValue.newBuilder().setKey(key).setValue(Actor.json(json)).build();
    }

    @Test
    @Feature({"PM-CACHE-10", "PM-CACHE-11"})
    void severalValuesArePutInOneEntryAndReadInTheOrderAskedFor() {
        at(1_000).session("a").put("b", "0", 500, false);
        Outcome put = session("a")
                .putAll(PutValues.newBuilder().addValues(keyed("a", "1")).addValues(keyed("b", "null")))
                .gives(WRITTEN)
                .changes(ChangeKind.PUT, ChangeKind.PUT);
        assertThat(put.reply().getCache().getWritten().getRevision()).isEqualTo(put.revision());
        at(2_000).tick();
        assertThat(session("a").getAll("b", "missing", "a")).containsExactly("null", null, "1");
    }

    @Test
    @Feature({"PM-CACHE-11", "PM-CACHE-2"})
    void severalValuesKeepOrShareATtl() {
        at(1_000).session("a").put("kept", "0", 500, false);
        session("a")
                .putAll(PutValues.newBuilder()
                        .addValues(keyed("kept", "1"))
                        .addValues(keyed("new", "1"))
                        .setTtlMillis(900)
                        .setKeepTtl(true));
        at(1_600).tick();
        assertThat(session("a").getAll("kept", "new")).containsExactly(null, "1");
        at(1_900).tick();
        assertThat(session("a").getAll("kept", "new")).containsExactly(null, null);
    }

    @Test
    @Feature({"C-45", "A-48", "G-10"})
    void noValuesArePutAndNothingChanges() {
        Outcome none =
                session("a").putAll(PutValues.newBuilder()).gives(WRITTEN).changes();
        assertThat(none.made()).isEmpty();
        assertThat(none.reply().getCache().getWritten().getRevision()).isZero();
        session("a").touch().changes();
        session("a").clear("").changes();
    }

    @Test
    @Feature({"A-48", "PM-CACHE-1"})
    void aPutOfTheSameValueIsAWriteAllTheSame() {
        session("a").put("k", "1").changes(ChangeKind.PUT);
        session("a").put("k", "1").changes(ChangeKind.PUT);
        assertThat(session("a").entry("k").orElseThrow().getVersion()).isEqualTo(2);
    }

    @Test
    @Feature("PM-CACHE-11")
    void aBadKeyOrValueOfSeveralIsRefusedWithAllOfThem() {
        PutValues.Builder values = PutValues.newBuilder().addValues(keyed("good", "1"));
        session("a").putAll(values.clone().addValues(keyed("", "1"))).refused(ErrorCode.EINVAL, "key");
        session("a").putAll(values.clone().addValues(keyed("k", "{"))).refused(ErrorCode.EINVAL, "value");
        session("a").putAll(values.clone().setTtlMillis(-1)).refused(ErrorCode.EINVAL, "ttl_millis");
        session("a").putAll("k", values).refused(ErrorCode.EINVAL, "leave it out");
        assertThat(session("a").get("good")).isEmpty();
    }

    @Test
    @Feature("PM-CACHE-10")
    void moreThanOneAnswerHoldsIsRefused() {
        String half = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 9; i++) {
            session("a").put("k" + i, half);
        }
        assertThat(session("a").getAllRefused("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"))
                .isEqualTo(ErrorCode.ETOOLARGE);
    }

    @Test
    @Feature({"G-10", "PM-CACHE-7"})
    void whatChangesNothingGetsNoRevision() {
        long before = session("a").put("k", "1").revision();
        assertThat(session("a").delete("missing").gives(DELETED).changes().existed())
                .isFalse();
        session("a").compareAndSet("k", ABSENT, "2").applied(false).changes();
        session("a").compareAndSet("missing", ABSENT, null).applied(true).changes();
        session("a").put("s", "\"x\"");
        Outcome failed =
                session("a").increment("s", 1).refused(ErrorCode.ENOTNUMBER).changes();
        assertThat(failed.revision()).isEqualTo(before + 1);
        assertThat(session("a").delete("k").changes(ChangeKind.DELETED).existed())
                .isTrue();
    }

    @Test
    @Feature({"S-15", "PM-CACHE-15"})
    void ttlExpiresNotBeforeItsTimeWithOneChange() {
        at(1_000).session("a").put("k", "1", 500, false);
        at(1_499).tick();
        assertThat(session("a").get("k")).hasValue("1");
        assertThat(last().changes()).isEmpty();
        at(1_500).tick();
        assertThat(session("a").get("k")).isEmpty();
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(ChangeKind.EXPIRED);
        at(9_000).tick();
        assertThat(last().changes()).isEmpty();
    }

    @Test
    @Feature("G-12")
    void manyExpireInOrderOfTheirDeadlines() {
        at(1_000).session("a").put("late", "1", 600, false);
        session("a").put("b", "1", 500, false);
        session("a").put("a", "1", 500, false);
        at(5_000).tick();
        assertThat(last().changes()).extracting(Change::getKey).containsExactly("a", "b", "late");
        assertThat(last().changes()).extracting(Change::getRevision).doesNotHaveDuplicates();
    }

    @Test
    @Feature({"S-21", "PM-CACHE-2"})
    void putDropsTheTtlUnlessKept() {
        at(1_000).session("a").put("k", "1", 500, false);
        session("a").put("kept", "1", 500, false);
        session("a").put("k", "2");
        session("a").put("kept", "2", 0, true);
        at(2_000).tick();
        assertThat(session("a").get("k")).hasValue("2");
        assertThat(session("a").get("kept")).isEmpty();
    }

    @Test
    @Feature("PM-CACHE-2")
    void keepTtlOfANewKeyIsTheTtlGiven() {
        at(1_000).session("a").put("k", "1", 500, true);
        assertThat(session("a").entry("k").orElseThrow().getExpiresAtMillis()).isEqualTo(1_500);
    }

    @Test
    @Feature("PM-CACHE-3")
    void ttlIsNotNegative() {
        session("a").put("k", "1", -1, false).refused(ErrorCode.EINVAL, "ttl_millis");
    }

    @Test
    @Feature({"S-16", "PM-ATOM-5"})
    void compareAndSetAndIncrementKeepTheRemainingTtl() {
        at(1_000).session("a").put("n", "5", 2_000, false);
        at(2_500).session("a").compareAndSet("n", value("5"), "6", 9_000).applied(true);
        session("a").compareAndSet("n", value("5"), "7").applied(false).current("6");
        session("a").increment("n", 1, 9_000).sum("7");
        at(2_999).tick();
        assertThat(session("a").get("n")).hasValue("7");
        at(3_000).tick();
        assertThat(session("a").get("n")).isEmpty();
    }

    @Test
    @Feature({"PM-ATOM-5", "PM-ATOM-1"})
    void aKeyThatTheyCreateGetsTheTtlGiven() {
        at(1_000).session("a").increment("n", 3, 500).sum("3").changes(ChangeKind.PUT);
        session("a").compareAndSet("c", ABSENT, "1", 700).applied(true);
        assertThat(session("a").entry("n").orElseThrow().getExpiresAtMillis()).isEqualTo(1_500);
        assertThat(session("a").entry("c").orElseThrow().getExpiresAtMillis()).isEqualTo(1_700);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "null", "{}", "[]", "true"})
    @Feature({"S-17", "PM-ATOM-3"})
    void incrementRefusesWhatIsNoNumber(String json) {
        at(1_000).session("a").put("k", json, 500, false);
        session("a").increment("k", 1).refused(ErrorCode.ENOTNUMBER, "\"k\"");
        CacheEntry entry = session("a").entry("k").orElseThrow();
        assertThat(entry.getValue().toStringUtf8()).isEqualTo(json);
        assertThat(entry.getExpiresAtMillis()).isEqualTo(1_500);
    }

    @Test
    @Feature({"S-17", "PM-ATOM-4", "A-18"})
    void incrementIsExactAndSaysWhenItOverflows() {
        session("a").put("k", "9007199254740993");
        session("a").increment("k", 2).sum("9007199254740995");
        session("a").put("k", Long.toString(Long.MAX_VALUE));
        session("a").increment("k", 1).refused(ErrorCode.EOVERFLOW);
        assertThat(session("a").get("k")).hasValue(Long.toString(Long.MAX_VALUE));
        session("a").increment("k", 0.5).gives(INCREMENTED);
    }

    @Test
    @Feature({"S-17", "PM-ATOM-3", "PM-ATOM-4"})
    void aSumThatIsNoLongIsRefusedThoughItHasAFraction() {
        String stored = "9223372036854775807.5";
        at(1_000).session("a").put("k", stored, 500, false);
        session("a").increment("k", 1).refused(ErrorCode.EOVERFLOW, "\"k\"").changes();
        session("a").increment("k", 0).refused(ErrorCode.EOVERFLOW).changes();
        CacheEntry entry = session("a").entry("k").orElseThrow();
        assertThat(entry.getValue().toStringUtf8()).isEqualTo(stored);
        assertThat(entry.getExpiresAtMillis()).isEqualTo(1_500);
        session("a").increment("k", 1.5).sum("9.223372036854776E18");
    }

    @Test
    @Feature({"PM-ATOM-2", "PM-ATOM-4"})
    void incrementTakesNegativesAndDecimals() {
        session("a").increment("n", -4).sum("-4");
        session("a").increment("n", 0.5).sum("-3.5");
        session("a").increment("n", 1.5).sum("-2.0");
        session("a").increment("n", 3).sum("1");
        session("a").increment("n", Double.NaN).refused(ErrorCode.EINVAL, "by_decimal");
    }

    @Test
    @Feature({"PM-ATOM-1", "PM-ATOM-10", "S-19"})
    void everyIncrementOfEverySessionCountsOnce() {
        List<String> sums = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            for (String name : List.of("a", "b", "c", "d", "e")) {
                sums.add(session(name)
                        .increment("n", 1)
                        .reply()
                        .getCache()
                        .getIncremented()
                        .getValue()
                        .toStringUtf8());
                session(name).again();
            }
        }
        assertThat(sums).hasSize(250).doesNotHaveDuplicates();
        assertThat(session("a").get("n")).hasValue("250");
    }

    @Test
    @Feature({"S-18", "PM-ATOM-7", "A-19", "A-06", "PM-CACHE-4"})
    void absentAndNullAreDifferent() {
        session("a").put("null", "null");
        session("a").compareAndSet("null", ABSENT, "1").applied(false).current("null");
        session("a").compareAndSet("absent", value("null"), "1").applied(false);
        session("a").compareAndSet("absent", ABSENT, "1").applied(true).current("1");
        session("a").compareAndSet("null", value("null"), "2").applied(true);
        session("a").put("null", "null");
        session("a").compareAndSet("null", ABSENT_OR_NULL, "3").applied(true);
        session("a").compareAndSet("absent2", ABSENT_OR_NULL, "3").applied(true);
        session("a").compareAndSet("absent2", ABSENT_OR_NULL, "4").applied(false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1,"b":2}        | {"b":2.0,"a":1e0}    | true
                    {"a":[1,{"c":null}]} | {"a":[1,{"c":null}]} | true
                    [1,2]                | [2,1]                | false
                    {"a":1}              | {"a":"1"}            | false
                    {"a":null}           | {}                   | false
                    1                    | 1.000                | true
                    1                    | true                 | false
                    100                  | 1e2                  | true
                    9007199254740993     | 9007199254740992     | false
                    0.1                  | 0.10                 | true
                    "\\u0061"            | "a"                  | true
                    """)
    @Feature({"S-18", "PM-ATOM-9", "G-9"})
    void valuesAreComparedByMeaning(String stored, String expected, boolean equal) {
        session("a").put("k", stored);
        session("a").compareAndSet("k", value(expected), "0").gives(COMPARED).applied(equal);
    }

    @Test
    @Feature({"PM-ATOM-6", "PM-ATOM-8", "S-18"})
    void compareAndSetByRevisionAndToDelete() {
        long revision = session("a").put("k", "1").revision();
        session("a").compareAndSet("k", revision(revision + 7), "2").applied(false);
        session("a").compareAndSet("k", revision(0), "2").applied(false);
        session("a").compareAndSet("k", revision(revision), null).applied(true).changes(ChangeKind.DELETED);
        assertThat(session("a").get("k")).isEmpty();
        long created =
                session("a").compareAndSet("k", revision(0), "2").applied(true).revision();
        session("a").put("k", "3");
        session("a").compareAndSet("k", revision(created), "4").applied(false).current("3");
        session("a").compareAndSet("k", revision(created + 1), "4").applied(true);
    }

    @Test
    @Feature({"PM-CACHE-8", "A-16"})
    void scanIsOrderedByUtf8AndPaged() {
        // U+1F600 sorts after U+FFFD in UTF-8, but before it in UTF-16.
        for (String key : List.of("b", "a/\uFFFD", "a/1", "a/\uD83D\uDE00", "a/10", "a", "a/2", "c")) {
            session("a").put(key, "\"" + key + "\"");
        }
        session("a").delete("a/2");

        ScannedValues page = session("a").scan("a/", "", 3);
        assertThat(page.getKeysList()).containsExactly("a/1", "a/10", "a/\uFFFD");
        assertThat(page.getMore()).isTrue();
        page = session("a").scan("a/", "a/\uFFFD", 3);
        assertThat(page.getKeysList()).containsExactly("a/\uD83D\uDE00");
        assertThat(page.getMore()).isFalse();
        assertThat(page.getEntries(0).getValue().toStringUtf8()).isEqualTo("\"a/\uD83D\uDE00\"");
        assertThat(session("a").scan("", "", 0).getKeysCount()).isEqualTo(7);
        assertThat(session("a").scan("zzz", "", 0).getKeysList()).isEmpty();
    }

    @Test
    @Feature("G-15")
    void aPageOfAScanIsBounded() {
        String large = "\"" + "x".repeat(400_000) + "\"";
        for (int i = 0; i < 5; i++) {
            session("a").acks(i).put("k" + i, large);
        }
        ScannedValues page = session("a").scan("k", "", 0);
        assertThat(page.getKeysCount()).isEqualTo(2);
        assertThat(page.getMore()).isTrue();
    }

    @Test
    void namespacesAreApart() {
        var elsewhere = session("a").putCommand("k", "1");
        elsewhere.getCacheBuilder().setNamespace("other");
        session("a").send(elsewhere).gives(WRITTEN);
        assertThat(session("a").get("k")).isEmpty();
        assertThat(session("a").scan("", "", 0).getKeysList()).isEmpty();
    }

    @Test
    @Feature({"S-23", "PM-CACHE-14", "G-15"})
    void aValueOverTheLimitIsRefusedAndTheOldOneKept() {
        session("a").put("k", "1");
        session("a").put("k", "\"" + "x".repeat(1 << 20) + "\"").refused(ErrorCode.ETOOLARGE, "1048578 bytes");
        assertThat(session("a").get("k")).hasValue("1");
        session("a").put("k", "2").gives(WRITTEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "x", "{", "{\"a\":}", "[1,]", "01", "1 2", "'a'", "NaN", "\uFEFF1", "\"\u0001\"", "1e"})
    @Feature("G-9")
    void whatIsNotJsonIsRefused(String text) {
        session("a").put("k", text).refused(ErrorCode.EINVAL, "value is not a JSON value");
        session("a").compareAndSet("k", ABSENT, text).refused(ErrorCode.EINVAL);
        session("a").compareAndSet("k", value(text), "1").refused(ErrorCode.EINVAL);
    }
}
