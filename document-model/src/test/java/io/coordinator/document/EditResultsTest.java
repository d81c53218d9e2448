package io.coordinator.document;

import static io.coordinator.document.Editing.add;
import static io.coordinator.document.Editing.apply;
import static io.coordinator.document.Editing.applyStrictly;
import static io.coordinator.document.Editing.createPath;
import static io.coordinator.document.Editing.increment;
import static io.coordinator.document.Editing.insertItem;
import static io.coordinator.document.Editing.json;
import static io.coordinator.document.Editing.merge;
import static io.coordinator.document.Editing.pop;
import static io.coordinator.document.Editing.push;
import static io.coordinator.document.Editing.remove;
import static io.coordinator.document.Editing.removeItem;
import static io.coordinator.document.Editing.replace;
import static io.coordinator.document.Editing.set;
import static io.coordinator.document.Editing.setItem;
import static io.coordinator.document.Editing.shift;
import static io.coordinator.document.Editing.splice;
import static io.coordinator.document.Editing.test;
import static io.coordinator.document.Editing.unshift;
import static io.coordinator.document.Editing.updateItem;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.testing.feature.Feature;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each edit answers. */
class EditResultsTest {
    private static EditResult result(String document, DocumentEdit edit) {
        return apply(document, edit).results().get(0);
    }

    private static void length(int expected, DocumentEdit edit) {
        EditResult result = result("[1,2,3]", edit);
        assertThat(result.getStatus()).as("%s", edit).isEqualTo(Status.DONE);
        assertThat(result.getLength()).as("%s", edit).isEqualTo(expected);
    }

    @Test
    @Feature({"DJ-PUSH-1", "DJ-POP-1", "DJ-SHIFT-1", "DJ-SPL-1", "DJ-REM-1", "DJ-UPD-1"})
    void everyEditOfAnArrayTellsHowLongItIsNow() {
        length(5, push("", "4", "5"));
        length(3, push(""));
        length(4, unshift("", "0"));
        length(3, unshift(""));
        length(2, pop(""));
        length(2, shift(""));
        length(2, splice("", 1, 1));
        length(5, splice("", 1, 1, "7", "8", "9"));
        length(3, splice("", 1, 0));
        length(4, splice("", 0, 0, "7"));
        length(2, removeItem("", "2", null, Comparison.DEEP));
        length(3, updateItem("", "2", null, "7", false));
        length(3, setItem("", 0, "7"));
        length(4, insertItem("", 0, "7"));
        length(4, insertItem("", 3, "7"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    oops | UNKNOWN
                    1 2 | UNKNOWN
                    {"%s":1} | NAME_TOO_LONG
                    [{"%s":1}] | NAME_TOO_LONG
                    """)
    @Feature({"S-03", "C-03", "B-24"})
    void aTextThatIsNoValueIsNotLetIn(String text, Status why) {
        String bad = String.format(text, "n".repeat(Path.STEP_BYTES_MAX + 1));
        String document = "{\"l\":[1]}";
        List<String> list = List.of("l");
        for (DocumentEdit edit : List.of(
                set("", "l", bad),
                push("l", "2", bad),
                unshift("l", bad, "2"),
                splice("l", 0, 1, bad),
                removeItem("l", bad, null, Comparison.DEEP),
                updateItem("l", bad, null, "2", false),
                updateItem("l", "1", null, bad, false),
                setItem("l", 0, bad),
                insertItem("l", 0, bad),
                replace(list, bad),
                add(list, bad),
                test(list, bad),
                merge("l", bad))) {
            assertThat(result(document, edit).getStatus()).as("%s", edit).isEqualTo(why);
            assertThat(apply(document, edit).root()).hasToString(document);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    true | 1 | true
                    false | 0 | true
                    true | 2 | false
                    true | "1" | true
                    false | "" | true
                    "" | 0 | true
                    "  " | 0 | true
                    "1" | 1 | true
                    " 1.0 " | 1 | true
                    "-1e2" | -100 | true
                    ".5" | 0.5 | true
                    "1." | 1 | true
                    "+1" | 1 | true
                    "1" | 2 | false
                    "one" | 1 | false
                    "1" | "1.0" | false
                    "a" | "b" | false
                    null | 0 | false
                    null | "" | false
                    null | false | false
                    [1] | 1 | false
                    {} | 0 | false
                    """)
    @Feature({"S-06", "DJ-REM-1", "A-08"})
    void looselyEqualIsWhatJavaScriptsDoubleEqualSignSaysOfScalars(String one, String other, boolean equal) {
        Status expected = equal ? Status.DONE : Status.NO_MATCH;
        assertThat(result("[" + one + "]", removeItem("", other, null, Comparison.LOOSE))
                        .getStatus())
                .isEqualTo(expected);
        assertThat(result("[" + other + "]", removeItem("", one, null, Comparison.LOOSE))
                        .getStatus())
                .isEqualTo(expected);
        assertThat(result("[" + one + "]", removeItem("", other, null, Comparison.DEEP))
                        .getStatus())
                .isEqualTo(Status.NO_MATCH);
    }

    @Test
    @Feature({"S-06", "A-08"})
    void aTextThatIsLongerThanANumberCanBeIsNoNumber() {
        String longest = "0".repeat(JsonText.NUMBER_CHARS_MAX - 1) + "1";
        DocumentEdit removeOne = removeItem("", "1", null, Comparison.LOOSE);
        assertThat(result("[\"" + longest + "\"]", removeOne).getStatus()).isEqualTo(Status.DONE);
        assertThat(result("[\"0" + longest + "\"]", removeOne).getStatus()).isEqualTo(Status.NO_MATCH);
    }

    @Test
    @Feature({"S-08", "DJ-BAT-3", "DJ-POP-2"})
    void nothingToTakeIsNoReasonToUndoABatch() {
        Edits.Outcome outcome = applyStrictly("[]", pop(""), push("", "1"));
        assertThat(outcome.failed()).isNegative();
        assertThat(outcome.root()).hasToString("[1]");
    }

    @Test
    @Feature({"B-24", "DJ-SET-6"})
    void aMemberIsRemovedFromAnObjectThatIsThere() {
        assertThat(result("{}", remove("a.b", "c")).getStatus()).isEqualTo(Status.NO_SUCH_PATH);
        assertThat(result("[1]", remove("", "0")).getStatus()).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(result("{\"s\":\"x\"}", remove("s", "x")).getStatus()).isEqualTo(Status.NOT_AN_OBJECT);
    }

    @Test
    @Feature({"B-24", "A-06"})
    void aPathIsMadeOfObjectsOnly() {
        assertThat(result("{\"a\":{}}", createPath("a")).getStatus()).isEqualTo(Status.DONE);
        assertThat(apply("{\"a\":{}}", createPath("a")).changed()).isFalse();
        assertThat(result("{\"a\":[1]}", createPath("a")).getStatus()).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(result("{\"a\":[1]}", createPath("a.0")).getStatus()).isEqualTo(Status.NOT_AN_OBJECT);
        assertThat(result("{\"a\":[1]}", createPath("a.1")).getStatus()).isEqualTo(Status.NOT_AN_OBJECT);
    }

    @Test
    @Feature({"B-24", "A-06"})
    void aPathIsAsDeepAsAValueCanBe() {
        String deepest = String.join(".", Collections.nCopies(JsonText.DEPTH_MAX - 1, "a"));
        assertThat(result("{}", createPath(deepest)).getStatus()).isEqualTo(Status.DONE);
        assertThat(result("{\"a\":{}}", createPath(deepest)).getStatus()).isEqualTo(Status.DONE);
        assertThat(result("{}", createPath(deepest + ".a")).getStatus()).isEqualTo(Status.TOO_DEEP);
        assertThat(result("{\"a\":{}}", createPath(deepest + ".a")).getStatus()).isEqualTo(Status.TOO_DEEP);
    }

    @Test
    @Feature({"A-18", "B-24"})
    void whatCannotBeAddedIsRefused() {
        DocumentEdit nothing = DocumentEdit.newBuilder()
                .addPath("n")
                .setIncrement(IncrementNumber.getDefaultInstance())
                .build();
        assertThat(result("{\"n\":1}", nothing).getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(result("{\"n\":1e99999999999}", increment("n", 1)).getStatus())
                .isEqualTo(Status.NOT_A_NUMBER);
        assertThat(result("{\"n\":1e400}", increment("n", 1)).getStatus()).isEqualTo(Status.OVERFLOW);
    }

    @Test
    @Feature({"C-02b", "A-10"})
    void aDocumentMayBeAsLargeAsItMayBeAndNotAByteMore() {
        List<DocumentEdit> edits = List.of(set("", "a", "1"), set("", "b", "23"));
        long size = "{\"a\":1,\"b\":23}".length();
        assertThat(Edits.apply(json("{}"), edits, false, size, Meter.UNMETERED)).isInstanceOf(Edits.Outcome.class);
        assertThat(Edits.apply(json("{}"), edits, true, size - 1, Meter.UNMETERED))
                .isEqualTo(new Edits.TooLarge(1, size));
    }

    @Test
    @Feature("C-04")
    void anEditThatDoesNothingCountsToo() {
        Tally tally = Tally.unlimited();
        Edits.apply(
                json("[]"), Collections.nCopies(1_000, DocumentEdit.getDefaultInstance()), true, Long.MAX_VALUE, tally);
        assertThat(tally.steps()).isGreaterThanOrEqualTo(10_000);
    }
}
