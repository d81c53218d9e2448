package io.coordinator.document;

import static io.coordinator.document.Editing.apply;
import static io.coordinator.document.Editing.applyStrictly;
import static io.coordinator.document.Editing.createPath;
import static io.coordinator.document.Editing.increment;
import static io.coordinator.document.Editing.insertItem;
import static io.coordinator.document.Editing.json;
import static io.coordinator.document.Editing.move;
import static io.coordinator.document.Editing.pop;
import static io.coordinator.document.Editing.push;
import static io.coordinator.document.Editing.remove;
import static io.coordinator.document.Editing.removeItem;
import static io.coordinator.document.Editing.set;
import static io.coordinator.document.Editing.setItem;
import static io.coordinator.document.Editing.shift;
import static io.coordinator.document.Editing.splice;
import static io.coordinator.document.Editing.unshift;
import static io.coordinator.document.Editing.updateItem;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditsTest {
    private static Status status(Edits.Outcome outcome) {
        return outcome.results().get(0).getStatus();
    }

    private static String taken(Edits.Outcome outcome) {
        return outcome.results().get(0).getValue().toStringUtf8();
    }

    @Test
    @Feature({"S-03", "DJ-PUSH-1", "DJ-PUSH-2", "DJ-POP-1", "DJ-SHIFT-1", "DJ-SPL-1", "DJ-REM-1", "DJ-UPD-1"})
    void editsOfArraysAreRefusedEverywhereElseAndChangeNothing() {
        String document = "{\"a\":{},\"s\":\"x\",\"n\":null}";
        for (String path : List.of("a", "s", "n", "missing", "s.x")) {
            boolean there = List.of("a", "s", "n").contains(path);
            for (DocumentEdit edit : List.of(
                    push(path, "1"),
                    unshift(path, "1"),
                    pop(path),
                    shift(path),
                    splice(path, 0, 1),
                    removeItem(path, "1", null, Comparison.DEEP),
                    updateItem(path, "1", null, "2", false),
                    setItem(path, 0, "1"),
                    insertItem(path, 0, "1"))) {
                Edits.Outcome outcome = apply(document, edit);
                assertThat(status(outcome)).as("%s", edit).isEqualTo(there ? Status.NOT_AN_ARRAY : Status.NO_SUCH_PATH);
                assertThat(outcome.changed()).isFalse();
                assertThat(outcome.root()).hasToString(document);
            }
        }
    }

    @ParameterizedTest
    @Feature({"S-04", "DJ-SPL-2"})
    @CsvSource(delimiter = '|', textBlock = """
                    -1 | 5 | [3] | [1,2]
                    10 | 1 | [] | [1,2,3]
                    -10 | 1 | [1] | [2,3]
                    1 | 0 | [] | [1,2,3]
                    0 | -3 | [] | [1,2,3]
                    0 | 9223372036854775807 | [1,2,3] | []
                    -9223372036854775808 | 2 | [1,2] | [3]
                    """)
    void spliceKeepsToTheBoundsOfJavaScript(long start, long count, String removed, String left) {
        Edits.Outcome outcome = apply("[1,2,3]", splice("", start, count));
        assertThat(taken(outcome)).isEqualTo(removed);
        assertThat(outcome.root()).hasToString(left);
        assertThat(outcome.changed()).isEqualTo(!removed.equals("[]"));
    }

    @Test
    @Feature("DJ-SPL-1")
    void spliceCanPutOthersInPlace() {
        assertThat(apply("[1,2,3]", splice("", 1, 1, "\"a\"", "\"b\"")).root()).hasToString("[1,\"a\",\"b\",3]");
    }

    @Test
    @Feature({"S-05", "DJ-POP-2", "A-07"})
    void nothingToTakeIsNotNull() {
        assertThat(status(apply("[]", pop("")))).isEqualTo(Status.EMPTY);
        assertThat(status(apply("[]", shift("")))).isEqualTo(Status.EMPTY);
        assertThat(apply("[]", pop("")).changed()).isFalse();
        Edits.Outcome both = apply("[null,false]", pop(""), pop(""));
        assertThat(both.results())
                .extracting(
                        result -> result.getStatus() + " " + result.getValue().toStringUtf8())
                .containsExactly("DONE false", "DONE null");
        assertThat(both.root()).hasToString("[]");
    }

    @Test
    @Feature({"S-06", "DJ-REM-1", "DJ-REM-2", "A-08"})
    void theFirstEqualItemIsRemoved() {
        String document = "[\"1\",1,{\"id\":2},{\"id\":2}]";
        assertThat(apply(document, removeItem("", "1", null, Comparison.DEEP)).root())
                .hasToString("[\"1\",{\"id\":2},{\"id\":2}]");
        assertThat(apply(document, removeItem("", "1", null, Comparison.LOOSE)).root())
                .hasToString("[1,{\"id\":2},{\"id\":2}]");
        assertThat(apply("[\"one\",\"\",\" 1.0 \"]", removeItem("", "1", null, Comparison.LOOSE))
                        .root())
                .hasToString("[\"one\",\"\"]");
        assertThat(apply(document, removeItem("", "{\"id\":2}", "id", Comparison.DEEP))
                        .root())
                .hasToString("[\"1\",1,{\"id\":2}]");
        assertThat(apply("[null,{\"id\":2}]", removeItem("", "{\"id\":2}", "id", Comparison.DEEP))
                        .root())
                .hasToString("[null]");
        assertThat(apply("[{\"\":0,\"a\":1}]", removeItem("", "{\"\":0}", "", Comparison.DEEP))
                        .root())
                .hasToString("[]");
        assertThat(status(apply("[{}]", removeItem("", "{}", "id", Comparison.DEEP))))
                .isEqualTo(Status.NO_MATCH);
        assertThat(apply("[1.0]", removeItem("", "1", null, Comparison.DEEP)).root())
                .hasToString("[]");
    }

    @Test
    @Feature({"S-07", "DJ-UPD-1", "DJ-UPD-2", "DJ-UPD-3", "A-09"})
    void objectsAreMergedIntoTheItemAndOthersTakeItsPlace() {
        String document = "[{\"id\":1,\"a\":1}]";
        assertThat(apply(document, updateItem("", "{\"id\":1}", "id", "{\"b\":2}", false))
                        .root())
                .hasToString("[{\"id\":1,\"a\":1,\"b\":2}]");
        assertThat(apply(document, updateItem("", "{\"id\":1}", "id", "{\"b\":2}", true))
                        .root())
                .hasToString("[{\"b\":2}]");
        assertThat(apply("[1,2]", updateItem("", "2", null, "\"two\"", false)).root())
                .hasToString("[1,\"two\"]");
        assertThat(status(apply("[1,2]", updateItem("", "3", null, "4", false))))
                .isEqualTo(Status.NO_MATCH);
    }

    @Test
    @Feature({"S-08", "DJ-BAT-1", "DJ-BAT-2", "DJ-BAT-3", "A-10"})
    void aBatchPassesOverWhatCannotBeDoneOrDoesNothingAtAll() {
        DocumentEdit[] edits = {
            set("", "k", "1"), push("o", "1"), DocumentEdit.getDefaultInstance(), unshift("l", "0"), push("l", "2")
        };
        Edits.Outcome lenient = apply("{\"o\":{},\"l\":[1]}", edits);
        assertThat(lenient.results())
                .extracting(EditResult::getStatus)
                .containsExactly(Status.DONE, Status.NOT_AN_ARRAY, Status.UNKNOWN, Status.DONE, Status.DONE);
        assertThat(lenient.root()).hasToString("{\"o\":{},\"l\":[0,1,2],\"k\":1}");
        Edits.Outcome strict = applyStrictly("{\"o\":{},\"l\":[1]}", edits);
        assertThat(strict.failed()).isEqualTo(1);
        assertThat(strict.changed()).isFalse();
        assertThat(strict.root()).hasToString("{\"o\":{},\"l\":[1]}");
    }

    /** A move takes the value out before it finds that it cannot put it where it should go. */
    @Test
    @Feature({"S-08", "DJ-BAT-3", "B-23"})
    void anEditThatFailsHalfWayLeavesNothingOfItself() {
        String document = "{\"a\":1,\"l\":[1,2],\"s\":\"x\"}";
        for (List<String> nowhere : List.of(List.of("l", "3"), List.of("s", "x"), List.of("missing", "x"))) {
            Edits.Outcome outcome = apply(document, move(List.of("a"), nowhere), push("l", "3"));
            assertThat(status(outcome)).as("%s", nowhere).isNotEqualTo(Status.DONE);
            assertThat(outcome.root()).hasToString("{\"a\":1,\"l\":[1,2,3],\"s\":\"x\"}");
            assertThat(outcome.patch().toStringUtf8()).doesNotContain("remove");
        }
    }

    @Test
    @Feature({"S-09", "DJ-SET-1", "DJ-SET-2", "DJ-SET-3", "DJ-SET-4", "DJ-SET-5", "DJ-SEL-7", "A-05"})
    void setIsOfOneMemberOfAnObjectThatIsThere() {
        assertThat(status(apply("{}", set("a.b", "k", "1")))).isEqualTo(Status.NO_SUCH_PATH);
        Value root = apply("{}", set("", "x.y", "1"), set("", "__proto__", "1"), set("", "x.y", "2"))
                .root();
        assertThat(root).as("a member keeps its place").hasToString("{\"x.y\":2,\"__proto__\":1}");
        assertThat(apply("{\"a\":{},\"b\":2}", set("", "a", "\"" + "x".repeat(2_000) + "\""))
                        .root()
                        .toString())
                .endsWith(",\"b\":2}");
        assertThat(Path.find(root, List.of("x.y"))).hasToString("2");
        assertThat(Path.find(root, List.of("x", "y"))).isNull();
        assertThat(status(apply("[1]", set("", "0", "1")))).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(status(apply("{\"a\":[1]}", set("a", "0", "1")))).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(status(apply("5", set("", "a", "1")))).isEqualTo(Status.NOT_AN_OBJECT);
    }

    @Test
    @Feature({"B-24", "DJ-SET-6", "A-06"})
    void theOperationsThatSaveATransaction() {
        assertThat(apply("{\"a\":1,\"b\":2}", remove("", "a")).root()).hasToString("{\"b\":2}");
        assertThat(taken(apply("{\"a\":null}", remove("", "a")))).isEqualTo("null");
        assertThat(status(apply("{}", remove("", "a")))).isEqualTo(Status.NO_SUCH_PATH);
        assertThat(apply("[1,2]", setItem("", 1, "3")).root()).hasToString("[1,3]");
        assertThat(status(apply("[1,2]", setItem("", 2, "3")))).isEqualTo(Status.OUT_OF_RANGE);
        assertThat(apply("[1,2]", insertItem("", 2, "3")).root()).hasToString("[1,2,3]");
        assertThat(status(apply("[1,2]", insertItem("", 3, "3")))).isEqualTo(Status.OUT_OF_RANGE);
        assertThat(status(apply("[1,2]", insertItem("", -1, "3")))).isEqualTo(Status.OUT_OF_RANGE);
        assertThat(apply("{}", createPath("a.b"), set("a.b", "c", "1")).root())
                .hasToString("{\"a\":{\"b\":{\"c\":1}}}");
        assertThat(status(apply("{\"a\":1}", createPath("a.b")))).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(apply("{\"n\":1}", increment("n", 2), increment("new", 5), increment("n", -1))
                        .root())
                .hasToString("{\"n\":2,\"new\":5}");
        assertThat(apply("[1]", increment("0", 2)).root()).hasToString("[3]");
        assertThat(status(apply("[1]", increment("1", 2)))).isEqualTo(Status.NO_SUCH_PATH);
        assertThat(status(apply("{\"n\":\"1\"}", increment("n", 2)))).isEqualTo(Status.NOT_A_NUMBER);
        assertThat(status(apply("{\"n\":9223372036854775807}", increment("n", 1))))
                .isEqualTo(Status.OVERFLOW);
        assertThat(status(apply("{\"n\":9223372036854775807.5}", increment("n", 1))))
                .isEqualTo(Status.OVERFLOW);
    }

    @Test
    @Feature({"DJ-SEL-5", "DJ-SEL-6"})
    void pathsLeadThroughMembersAndElementsOnly() {
        Value root = json("{\"items\":[{\"name\":\"x\"}],\"s\":\"text\",\"n\":null,\"\":{\"a.b\":1}}");
        assertThat(Path.find(root, List.of("items", "0", "name"))).hasToString("\"x\"");
        for (List<String> nowhere : List.of(
                List.of("items", "1"),
                List.of("items", "-1"),
                List.of("items", "00"),
                List.of("items", "length"),
                List.of("items", ""),
                List.of("items", "99999999999"),
                List.of("s", "0"),
                List.of("s", "length"),
                List.of("n", "x"),
                List.of("constructor"))) {
            assertThat(Path.find(root, nowhere)).as("%s", nowhere).isNull();
        }
        assertThat(Path.find(root, List.of("n"))).isSameAs(Scalar.NULL);
        assertThat(Path.find(root, List.of("", "a.b"))).hasToString("1");
    }

    @Test
    @Feature("DJ-SEL-6")
    void anElementIsNamedByItsIndexInDecimal() {
        Value root = json(IntStream.range(0, 100).boxed().toList().toString());
        for (int index : new int[] {0, 1, 9, 10, 12, 19, 90, 99}) {
            assertThat(Path.find(root, List.of(Integer.toString(index)))).hasToString(Integer.toString(index));
        }
        // Neighbours of the digits, numbers that overflow to those of elements, and zeros in front.
        for (String none : List.of(":", "/", "1:", "2/", "1/", "4294967296", "4294967297", "01", "000000001", "100")) {
            assertThat(Path.find(root, List.of(none))).as(none).isNull();
        }
    }

    @Test
    void whatWouldBeNestedTooDeepIsRefused() {
        Value deep = json("[".repeat(JsonText.DEPTH_MAX) + "]".repeat(JsonText.DEPTH_MAX));
        assertThat(deep.depth()).isEqualTo(JsonText.DEPTH_MAX);
        List<String> bottom = java.util.Collections.nCopies(JsonText.DEPTH_MAX - 1, "0");
        String path = String.join(".", bottom);
        assertThat(Editing.outcome(deep, true, push(path, "1")).changed()).isTrue();
        assertThat(Editing.outcome(deep, true, push(path, "[]"))
                        .results()
                        .get(0)
                        .getStatus())
                .isEqualTo(Status.TOO_DEEP);
        assertThat(Editing.outcome(deep, true, push(path, "1"), setItem(path, 0, "[]"))
                        .results()
                        .get(1)
                        .getStatus())
                .isEqualTo(Status.TOO_DEEP);
        assertThat(Editing.outcome(deep, true, splice(path, 0, 0, "[]"))
                        .results()
                        .get(0)
                        .getStatus())
                .isEqualTo(Status.TOO_DEEP);
    }
}
