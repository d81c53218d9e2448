package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.TouchValues;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comparing and adding costs: in proportion to what is looked at, or refused before it is done (C-04, C-05). */
class CacheWorkTest extends Script {
    private static final int MEBI = 1 << 20;
    private static final String LARGE = "\"" + "x".repeat(MEBI - 2) + "\"";
    private static final Expectation.Builder ABSENT = Expectation.newBuilder().setAbsent(true);
    private static final Expectation.Builder ABSENT_OR_NULL =
            Expectation.newBuilder().setAbsentOrNull(true);

    private static Expectation.Builder value(String json) {
        return Expectation.newBuilder().setValue(Actor.json(json));
    }

    private static Command compareAndSet(String key, Expectation.Builder expect) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setKey(key)
                        .setCompareAndSet(
                                CompareAndSet.newBuilder().setExpect(expect).setNext(Actor.json("1"))))
                .build();
    }

    private static Condition.Builder inCache(String key, Expectation.Builder expect) {
        return Condition.newBuilder()
                .setCache(CacheCondition.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setKey(key)
                        .setExpect(expect));
    }

    private boolean held(TransactionCommand.Builder transaction) {
        return session("a").transact(transaction).reply().getTransaction().getHeld();
    }

    private static String elements(int count, String separator) {
        return "[" + ("0" + separator).repeat(count - 1) + "0]";
    }

    @Test
    @Feature("C-05")
    void theRepliesOfATransactionAreBoundedAsTheyAreMade() {
        session("a").put("large", LARGE);
        TransactionCommand.Builder all = TransactionCommand.newBuilder().addThen(compareAndSet("other", ABSENT));
        for (int i = 0; i < 900; i++) {
            all.addThen(compareAndSet("large", ABSENT));
        }
        session("a").transact(all).refused(ErrorCode.ETOOLARGE, "reply").changes();
        assertThat(session("a").get("other")).isEmpty();
        TransactionCommand.Builder few = TransactionCommand.newBuilder();
        for (int i = 0; i < 14; i++) {
            few.addThen(compareAndSet("large", ABSENT));
        }
        assertThat(session("a").transact(few).reply().getTransaction().getRepliesCount())
                .isEqualTo(14);
    }

    @Test
    @Feature({"C-05", "C-04"})
    void comparisonsOfATransactionAreCountedBeforeTheyAreMade() {
        session("a").put("large", LARGE);
        TransactionCommand.Builder all = TransactionCommand.newBuilder();
        for (int i = 0; i < 900; i++) {
            all.addThen(compareAndSet("large", value("1")));
        }
        session("a").transact(all).refused(ErrorCode.ETOOLARGE).changes();
    }

    @Test
    @Feature("C-04")
    void aThousandConditionsOnOneLargeDocumentLookOnlyAtTheirPaths() {
        session("a").open("d", "{\"large\":" + elements(400_000, ",") + ",\"small\":1}");
        TransactionCommand.Builder all = TransactionCommand.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            all.addConditions(Condition.newBuilder()
                    .setDocument(DocumentCondition.newBuilder()
                            .setNamespace(Actor.NAMESPACE)
                            .setId("d")
                            .addPath(i % 2 == 0 ? "small" : "large")
                            .addAllPath(i % 2 == 0 ? List.of() : List.of("" + i))
                            .setExpect(value(i % 2 == 0 ? "1.0" : "0"))));
        }
        assertThat(held(all)).isTrue();
        assertThat(steps()).isLessThan(50_000);
        assertThat(held(TransactionCommand.newBuilder()
                        .addConditions(Condition.newBuilder()
                                .setDocument(DocumentCondition.newBuilder()
                                        .setNamespace(Actor.NAMESPACE)
                                        .setId("d")
                                        .addPath("large")
                                        .setExpect(value("[]"))))))
                .isFalse();
        assertThat(steps()).isLessThan(1_000);
    }

    @Test
    @Feature({"C-04", "G-9"})
    void whatIsTooMuchToCompareIsRefused() {
        session("a").put("many", elements(200_000, ","));
        session("a")
                .compareAndSet("many", value(elements(200_000, " ,")), "1")
                .refused(ErrorCode.ETOOLARGE, "comparison")
                .changes();
        session("a").compareAndSet("many", value(elements(200_000, ",")), "1").applied(true);
    }

    @Test
    @Feature({"C-04", "PM-ATOM-3"})
    void nothingIsAddedToAContainerAndThatTakesNoTime() {
        session("a").put("many", elements(200_000, ","));
        session("a").increment("many", 1).refused(ErrorCode.ENOTNUMBER);
        assertThat(steps()).isLessThan(1_000);
        session("a").put("spaced", "  7 ");
        session("a").increment("spaced", 1).sum("8");
    }

    @Test
    @Feature({"C-48", "A-15", "PM-ATOM-7"})
    void compareAndSetAndTransactionsExpectAlike() {
        session("a").opaque("o", Actor.json("null"));
        session("a").put("n", " null\n");
        session("a").put("s", "\"null\"");
        for (String key : new String[] {"o", "n", "s"}) {
            boolean expected = key.equals("n");
            assertThat(held(TransactionCommand.newBuilder().addConditions(inCache(key, ABSENT_OR_NULL))))
                    .as(key)
                    .isEqualTo(expected);
            session("a").compareAndSet(key, ABSENT_OR_NULL, "1").applied(expected);
        }
    }

    @Test
    @Feature({"C-04", "C-05"})
    void spaceInStoredValuesIsCountedBeforeItIsPassedOver() {
        String space = " ".repeat(MEBI - 20);
        session("a").put("before", space + "null");
        session("a").put("behind", "null" + space);
        session("a").put("text", "null");
        for (String key : new String[] {"before", "behind"}) {
            TransactionCommand.Builder all = TransactionCommand.newBuilder();
            for (int i = 0; i < 1_000; i++) {
                all.addConditions(inCache(key, ABSENT_OR_NULL));
            }
            session("a").transact(all).refused(ErrorCode.ETOOLARGE, "space").changes();
            assertThat(held(TransactionCommand.newBuilder().addConditions(inCache(key, ABSENT_OR_NULL))))
                    .isTrue();
        }
        TransactionCommand.Builder usual = TransactionCommand.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            usual.addConditions(inCache("text", ABSENT_OR_NULL));
        }
        assertThat(held(usual)).isTrue();
        assertThat(steps()).isLessThan(5_000);
    }

    @Test
    @Feature({"C-04", "C-05"})
    void spaceAroundCountersIsCounted() {
        String space = " ".repeat(MEBI - 20);
        session("a").put("n", space + "\"x\"");
        session("a").increment("n", 1).refused(ErrorCode.ENOTNUMBER);
        assertThat(steps()).isGreaterThan(MEBI / 20);
        session("a").put("n", Long.MAX_VALUE + space);
        session("a").increment("n", 1).refused(ErrorCode.EOVERFLOW);
        assertThat(steps()).isGreaterThan(MEBI / 20);
        session("a").put("n", "1");
        session("a").increment("n", 1).sum("2");
        assertThat(steps()).isLessThan(500);
    }

    @Test
    @Feature({"C-04", "C-05"})
    void conditionsOnDeepDocumentsCountWhatIsUnpackedOnTheWay() {
        int levels = 250;
        String level = "{\"p\":\"" + "x".repeat(45) + "\",\"n\":";
        session("a").open("deep", level.repeat(levels) + "1" + "}".repeat(levels));
        TransactionCommand.Builder one = TransactionCommand.newBuilder().addConditions(deepest(levels));
        assertThat(held(one)).isTrue();
        TransactionCommand.Builder all = TransactionCommand.newBuilder();
        for (int i = 0; i < 100; i++) {
            all.addConditions(deepest(levels));
        }
        session("a").transact(all).refused(ErrorCode.ETOOLARGE, "unpacking").changes();
    }

    private static Condition.Builder deepest(int levels) {
        return Condition.newBuilder()
                .setDocument(DocumentCondition.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId("deep")
                        .addAllPath(Collections.nCopies(levels, "n"))
                        .setExpect(value("1")));
    }

    @Test
    @Feature({"C-04", "C-05"})
    void keysThatAreTouchedAreCounted() {
        TouchValues.Builder keys = TouchValues.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            keys.addKeys("k" + i);
        }
        TransactionCommand.Builder all = TransactionCommand.newBuilder();
        for (int i = 0; i < 300; i++) {
            all.addThen(Command.newBuilder()
                    .setCache(CacheCommand.newBuilder()
                            .setNamespace(Actor.NAMESPACE)
                            .setTouch(keys)));
        }
        session("a").transact(all).refused(ErrorCode.ETOOLARGE, "keys").changes();
    }
}
