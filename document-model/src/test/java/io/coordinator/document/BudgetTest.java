package io.coordinator.document;

import static io.coordinator.document.Editing.copy;
import static io.coordinator.document.Editing.createPath;
import static io.coordinator.document.Editing.increment;
import static io.coordinator.document.Editing.json;
import static io.coordinator.document.Editing.merge;
import static io.coordinator.document.Editing.pop;
import static io.coordinator.document.Editing.push;
import static io.coordinator.document.Editing.removeItem;
import static io.coordinator.document.Editing.removeValue;
import static io.coordinator.document.Editing.replace;
import static io.coordinator.document.Editing.set;
import static io.coordinator.document.Editing.splice;
import static io.coordinator.document.Editing.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What edits may make and do is known and counted before they do. */
class BudgetTest {
    private static final int BYTES_MAX = Edits.BYTES_MAX;
    private static final int WHOLE_PATCH = "[{\"op\":\"replace\",\"path\":\"\",\"value\":}]".length();

    private static Edits.Result apply(Value root, Meter meter, List<DocumentEdit> edits) {
        return Edits.apply(root, edits, true, BYTES_MAX, meter);
    }

    private static Edits.Outcome outcome(Value root, Meter meter, List<DocumentEdit> edits) {
        return (Edits.Outcome) apply(root, meter, edits);
    }

    private static List<String> path(String... steps) {
        return List.of(steps);
    }

    private static String text(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }

    private static String zeros(int count) {
        return "[" + "0,".repeat(count - 1) + "0]";
    }

    @Test
    @Feature("C-01")
    void copiesOfTheWholeAreTooLargeBeforeAnybodyWritesThem() {
        Value root = json("{\"a\":" + text(400_000) + "}");
        List<DocumentEdit> copies = IntStream.range(0, 14)
                .mapToObj(i -> copy(path(), path("c" + i)))
                .toList();
        Tally tally = Tally.unlimited();
        Edits.TooLarge tooLarge = (Edits.TooLarge) apply(root, tally, copies);
        assertThat(tooLarge.edit()).isEqualTo(2);
        assertThat(tooLarge.bytes()).isBetween((long) BYTES_MAX, 2L * BYTES_MAX);
        assertThat(tally.bytes()).isZero();
    }

    @Test
    @Feature("C-01")
    void noSizeOverflows() {
        List<DocumentEdit> copies = IntStream.range(0, 100)
                .mapToObj(i -> copy(path(), path("c" + i)))
                .toList();
        Edits.Result result = Edits.apply(json("{\"a\":1}"), copies, true, Long.MAX_VALUE - 1, Meter.UNMETERED);
        assertThat(result)
                .isInstanceOfSatisfying(
                        Edits.TooLarge.class, large -> assertThat(large.bytes()).isEqualTo(Long.MAX_VALUE));
    }

    @Test
    @Feature("C-01")
    void whatIsTooLargeInBetweenIsTooLarge() {
        List<DocumentEdit> edits = new ArrayList<>();
        edits.add(set("", "a", text(BYTES_MAX)));
        edits.add(removeValue(path("a")));
        assertThat(apply(json("{}"), Meter.UNMETERED, edits)).isInstanceOf(Edits.TooLarge.class);
    }

    @Test
    @Feature("C-02")
    void aPatchIsNeverMuchLargerThanWhatTheEditsLeave() {
        Value root = json("{\"a\":" + text(1_000_000) + "}");
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = outcome(root, tally, Collections.nCopies(2_200, copy(path("a"), path("b"))));
        assertThat(outcome.patch().size())
                .isEqualTo(WHOLE_PATCH + (int) outcome.root().bytes());
        assertThat(tally.bytes()).isEqualTo(outcome.patch().size());
        assertThat(outcome.patch().toStringUtf8()).startsWith("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"a\":");
    }

    @Test
    @Feature("C-02")
    void resultsAreCountedBeforeTheyAreWritten() {
        Value root = json("{\"a\":" + text(1_000_000) + "}");
        List<DocumentEdit> edits = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            edits.add(copy(path("a"), path("b")));
            edits.add(removeValue(path("b")));
        }
        Tally tally = new Tally(16 << 20, 1_000_000);
        assertThatExceptionOfType(OverBudgetException.class)
                .isThrownBy(() -> apply(root, tally, edits))
                .withMessageContaining("the results would take more than the 16777216 bytes");
        for (DocumentEdit taking : List.of(pop("l"), splice("l", 0, 1), increment("n", 1), removeValue(path("l")))) {
            assertThatExceptionOfType(OverBudgetException.class)
                    .as("%s", taking)
                    .isThrownBy(() -> apply(json("{\"l\":[1],\"n\":1}"), new Tally(0, 1_000), List.of(taking)))
                    .withMessageContaining("the results");
        }
    }

    @Test
    @Feature("C-02")
    void aSpliceOfManyUnderALongNameIsToldAsAWhole() {
        String name = "n".repeat(Path.STEP_BYTES_MAX);
        Value root = json("{\"" + name + "\":" + zeros(400_000) + "}");
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = outcome(root, tally, List.of(splice(name, 0, 400_000, "1")));
        assertThat(outcome.patch().toStringUtf8())
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"" + name + "\":[1]}}]");
        assertThat(tally.bytes()).isLessThan(2 * root.bytes());
    }

    @Test
    @Tag("slow")
    @Feature("C-02")
    void aDeepMergeCostsWhatThePatchIsLong() {
        String leaves = String.join(
                ",",
                IntStream.range(0, 100_000).mapToObj(i -> "\"" + i + "\":0").toList());
        String patch = "{\"a\":".repeat(249) + "{" + leaves + "}" + "}".repeat(249);
        for (String before : List.of("{}", "{\"a\":".repeat(249) + "{\"1\":1}" + "}".repeat(249))) {
            Tally tally = Tally.unlimited();
            Edits.Outcome outcome = outcome(json(before), tally, List.of(merge("", patch)));
            assertThat(Equality.same(outcome.root(), json(patch), Meter.UNMETERED))
                    .isTrue();
            assertThat(tally.steps()).isLessThan(2_500_000);
            assertThat(outcome.patch().size()).isLessThan(patch.length() + 4_096);
        }
    }

    @Test
    @Feature("C-02")
    void whatWasUndoneIsNotTold() {
        String large = text(BYTES_MAX - 100);
        Edits.Outcome outcome = outcome(
                json("{\"o\":{}}"),
                Meter.UNMETERED,
                List.of(
                        set("", "b", "2"),
                        // Fails when it is nearly done.
                        merge(
                                "o",
                                "{\"c\":" + large.substring(0, 1_000) + "\",\"d\":" + "[".repeat(255) + "]".repeat(255)
                                        + "}"),
                        set("", "e", "3")));
        assertThat(outcome.results())
                .extracting(EditResult::getStatus)
                .containsExactly(Status.DONE, Status.TOO_DEEP, Status.DONE);
        assertThat(outcome.patch().toStringUtf8())
                .isEqualTo(
                        "[{\"op\":\"add\",\"path\":\"/b\",\"value\":2},{\"op\":\"add\",\"path\":\"/e\",\"value\":3}]");
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void searchingIsLinearAndCounted() {
        Value root = json(zeros(500_000));
        DocumentEdit search = removeItem("", "2", null, Comparison.DEEP);
        Tally tally = Tally.unlimited();
        outcome(root, tally, List.of(search));
        assertThat(tally.steps()).isBetween(500_000L, 1_500_001L);
        assertThatExceptionOfType(OverBudgetException.class)
                .isThrownBy(() -> apply(root, new Tally(0, 1_000_000), Collections.nCopies(10_000, search)))
                .withMessageContaining("1000000 steps");
    }

    @Test
    @Feature("C-04")
    void readingTextsAsNumbersCountsTheirDigits() {
        String digits = "1".repeat(399);
        Value numbers = json("[" + (digits + ",").repeat(1_000) + "0]");
        for (String wanted : List.of("\"" + "2".repeat(399) + "\"", "\"" + digits + "x\"")) {
            Tally tally = Tally.unlimited();
            outcome(numbers, tally, List.of(removeItem("", wanted, null, Comparison.LOOSE)));
            assertThat(tally.steps()).as("%s", wanted).isBetween(400_000L, 600_000L);
        }
        Value words = json("[" + "\"a word like any other\",".repeat(10_000) + "0]");
        Tally tally = Tally.unlimited();
        outcome(words, tally, List.of(removeItem("", "1", null, Comparison.LOOSE)));
        assertThat(tally.steps()).isLessThan(200_000);
    }

    @Test
    @Feature("C-04")
    void comparingIsLinearAndCounted() {
        String many = zeros(100_000);
        Tally tally = Tally.unlimited();
        outcome(json(many), tally, List.of(test(path(), many)));
        assertThat(tally.steps()).isBetween(100_000L, 400_000L);
        Tally members = Tally.unlimited();
        String object = numbered(10_000);
        outcome(json(object), members, List.of(test(path(), object)));
        assertThat(members.steps()).isBetween(100_000L, 150_000L);
        Tally bytes = Tally.unlimited();
        outcome(json(text(1_000_000)), bytes, List.of(test(path(), text(1_000_000))));
        assertThat(bytes.steps()).isBetween(1_000L, 100_000L);
    }

    private static String numbered(int members) {
        return "{"
                + String.join(
                        ",",
                        IntStream.range(0, members)
                                .mapToObj(i -> "\"" + i + "\":1")
                                .toList()) + "}";
    }

    private static final int LEVELS = 250;

    /** Deep for its size, so that it stays packed as a whole. */
    private static String deepArray() {
        return ("[" + text(55) + ",").repeat(LEVELS) + "0" + "]".repeat(LEVELS);
    }

    private static String deepObject() {
        return ("{\"p\":" + text(45) + ",\"n\":").repeat(LEVELS) + "{}" + "}".repeat(LEVELS);
    }

    private static String deepPath() {
        return String.join(".", Collections.nCopies(LEVELS, "n"));
    }

    private static void isRefused(Value root, List<DocumentEdit> edits) {
        assertThatExceptionOfType(OverBudgetException.class)
                .isThrownBy(() -> apply(root, new Tally(Long.MAX_VALUE, 1_000_000), edits))
                .withMessageContaining("1000000 steps");
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void searchingCountsTheBytesThatAreUnpacked() {
        Value root = json("[" + (deepArray() + ",").repeat(63) + deepArray() + "]");
        DocumentEdit search = removeItem("", "1", null, Comparison.DEEP);
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = outcome(root, tally, List.of(search));
        assertThat(outcome.results().get(0).getStatus()).isEqualTo(Status.NO_MATCH);
        assertThat(tally.steps()).isBetween(root.bytes() / 16, root.bytes() / 4);
        isRefused(root, Collections.nCopies(10_000, search));
        isRefused(root, Collections.nCopies(10_000, removeItem("", "{\"k\":1}", "k", Comparison.DEEP)));
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void pathsCountTheBytesThatAreUnpackedAtEachLevel() {
        Value root = json(deepObject());
        long unpacked = root.bytes() * LEVELS / 2;
        for (DocumentEdit edit : List.of(
                set(deepPath(), "v", "1"),
                increment(deepPath() + ".v", 1),
                merge("", deepObject()),
                test(path(), deepObject()),
                createPath(deepPath() + ".v"))) {
            Tally tally = Tally.unlimited();
            outcome(root, tally, List.of(edit));
            assertThat(tally.steps()).as("%s", edit.getOperationCase()).isBetween(unpacked / 16, 1_000_000L);
            isRefused(root, Collections.nCopies(60, edit));
        }
    }

    @Test
    @Feature("C-04")
    void textThatIsLookedThroughForNothingIsCounted() {
        Value root = json("{\"a\":" + deepObject() + "}");
        List<DocumentEdit> removals = IntStream.range(0, 10_000)
                .mapToObj(i -> removeValue(path("b" + i)))
                .toList();
        isRefused(root, removals);
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void readingValuesIsCounted() {
        for (DocumentEdit edit : List.of(
                set("", "a", zeros(500_000)),
                push("l", zeros(500_000)),
                test(path(), zeros(500_000)),
                merge("", zeros(500_000)),
                replace(path("l"), zeros(500_000)))) {
            Tally tally = Tally.unlimited();
            outcome(json("{\"l\":[]}"), tally, List.of(edit));
            assertThat(tally.steps()).as("%s", edit.getOperationCase()).isBetween(500_000L, 700_000L);
        }
        isRefused(json("{}"), Collections.nCopies(2, set("", "a", zeros(500_000) + "]")));
        assertThat(JsonText.making(Editing.text("[0,{\"a,:[\":\",\\\":[\"}]"), 1))
                .isEqualTo(4);
    }

    /** Sorting members takes most of the time that reading an object of many takes. */
    @Test
    @Feature("C-04")
    void readingMembersCountsMoreThanReadingElements() {
        String members = numbered(10_000);
        Tally tally = Tally.unlimited();
        outcome(json("{}"), tally, List.of(set("", "a", members)));
        assertThat(tally.steps()).isBetween(90_000L, 120_000L);
        Tally small = Tally.unlimited();
        String objects = "[" + String.join(",", Collections.nCopies(10_000, "{\"a\":0}")) + "]";
        outcome(json("{}"), small, List.of(set("", "a", objects)));
        assertThat(small.steps()).isBetween(20_000L, 40_000L);
    }

    @Test
    @Feature("C-04")
    void whatIsTakenCountsAsWriting() {
        Tally elements = Tally.unlimited();
        outcome(json("{\"l\":" + zeros(100_000) + "}"), elements, List.of(removeValue(path("l"))));
        Tally scalar = Tally.unlimited();
        outcome(json("{\"l\":" + text(200_000) + "}"), scalar, List.of(removeValue(path("l"))));
        assertThat(elements.steps()).isBetween(25_000L, 50_000L);
        assertThat(scalar.steps()).isLessThan(5_000);
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void manySmallEditsOfAnOrdinaryDocumentAreNotTooMuch() {
        String user = "{\"name\":" + text(30) + ",\"visits\":0,\"tags\":[1,2,3],\"mail\":" + text(40) + "}";
        Value root = json("{\"users\":{"
                + String.join(
                        ",",
                        IntStream.range(0, 10_000)
                                .mapToObj(i -> "\"u" + i + "\":" + user)
                                .toList()) + "}}");
        List<DocumentEdit> edits = IntStream.range(0, 10_000)
                .mapToObj(i -> set("users.u" + i, "visits", "1"))
                .toList();
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = outcome(root, tally, edits);
        assertThat(outcome.results()).extracting(EditResult::getStatus).containsOnly(Status.DONE);
        assertThat(tally.steps()).isLessThan(1_000_000);
    }

    @Test
    @Feature("C-04")
    void aContainerIsNoNumberAtOnce() {
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = outcome(json(zeros(1_000_000)), tally, Collections.nCopies(10_000, increment("", 1)));
        assertThat(outcome.results()).extracting(EditResult::getStatus).containsOnly(Status.NOT_A_NUMBER);
        assertThat(tally.bytes()).isZero();
        assertThat(tally.steps()).isLessThan(200_000);
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void pathsAreCounted() {
        List<String> long_ = Collections.nCopies(1_000_000, "a");
        for (DocumentEdit edit :
                List.of(replace(long_, "1"), copy(long_, path("b")), createPath(String.join(".", long_)))) {
            assertThatExceptionOfType(OverBudgetException.class)
                    .isThrownBy(() -> apply(json("{}"), new Tally(0, 999_999), List.of(edit)));
        }
        assertThat(outcome(json("{}"), Meter.UNMETERED, List.of(createPath(String.join(".", long_))))
                        .results()
                        .get(0)
                        .getStatus())
                .isEqualTo(Status.TOO_DEEP);
    }

    @Test
    @Feature("C-03")
    void namesThatAreTooLongAreRefusedWhereverTheyComeFrom() {
        String name = "é".repeat(Path.STEP_BYTES_MAX / 2);
        String longer = name + "x";
        String object = "{\"" + longer + "\":1}";
        for (DocumentEdit edit : List.of(
                set("", longer, "1"),
                set("", "a", object),
                set("", "a", "[[" + object + "]]"),
                push("l", "1", object),
                splice("l", 0, 0, object),
                merge("", object),
                createPath(longer),
                increment(longer, 1),
                copy(path("l"), path(longer)),
                copy(path(longer), path("l")),
                replace(path(), object),
                test(path(), object),
                removeItem("l", "{}", longer, Comparison.DEEP))) {
            Edits.Outcome outcome = outcome(json("{\"l\":[1]}"), Meter.UNMETERED, List.of(edit));
            assertThat(outcome.results().get(0).getStatus()).as("%s", edit).isEqualTo(Status.NAME_TOO_LONG);
            assertThat(outcome.changed()).isFalse();
        }
        assertThat(JsonText.problem(Editing.text(object))).contains("more than 1024 bytes");
        Edits.Outcome fits = outcome(
                json("{}"),
                Meter.UNMETERED,
                List.of(set("", name, "{\"" + name + "\":1}"), increment(name + "." + name, 1)));
        assertThat(fits.results()).extracting(EditResult::getStatus).containsOnly(Status.DONE);
    }

    @Test
    @Feature("C-03")
    void halfAPairIsNoName() {
        for (DocumentEdit edit : List.of(set("", "k\uD83D", "1"), createPath("k\uD83D"))) {
            assertThat(outcome(json("{}"), Meter.UNMETERED, List.of(edit))
                            .results()
                            .get(0)
                            .getStatus())
                    .isEqualTo(Status.UNKNOWN);
        }
    }

    @Test
    @Feature("C-03")
    void whatWasStoredBeforeNamesHadALimitCanBeRead() throws Exception {
        String stored = "{\"" + "n".repeat(60_000) + "\":1}";
        assertThat(JsonText.parseStored(Editing.text(stored))).hasToString(stored);
    }
}
