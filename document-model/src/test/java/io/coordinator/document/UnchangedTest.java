package io.coordinator.document;

import static io.coordinator.document.Editing.add;
import static io.coordinator.document.Editing.apply;
import static io.coordinator.document.Editing.applyStrictly;
import static io.coordinator.document.Editing.copy;
import static io.coordinator.document.Editing.createPath;
import static io.coordinator.document.Editing.increment;
import static io.coordinator.document.Editing.insertItem;
import static io.coordinator.document.Editing.json;
import static io.coordinator.document.Editing.merge;
import static io.coordinator.document.Editing.move;
import static io.coordinator.document.Editing.push;
import static io.coordinator.document.Editing.remove;
import static io.coordinator.document.Editing.removeValue;
import static io.coordinator.document.Editing.replace;
import static io.coordinator.document.Editing.set;
import static io.coordinator.document.Editing.setItem;
import static io.coordinator.document.Editing.splice;
import static io.coordinator.document.Editing.test;
import static io.coordinator.document.Editing.unshift;
import static io.coordinator.document.Editing.updateItem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Edits that leave the value as it was change nothing, and what only looks the same is a change. */
@Feature({"C-45", "A-48", "G-10"})
class UnchangedTest {
    private static final String DOCUMENT =
            "{\"n\":1.50,\"o\":{\"b\":1,\"a\":[]},\"l\":[1,{\"id\":7,\"v\":\"x\"},[]],\"z\":null,"
                    + "\"copy\":{\"b\":1,\"a\":[]}}";

    private static void changesNothing(DocumentEdit... edits) {
        Edits.Outcome outcome = applyStrictly(DOCUMENT, edits);
        String what = List.of(edits).toString();
        assertThat(outcome.failed()).as(what).isNegative();
        assertThat(outcome.results()).as(what).hasSize(edits.length);
        assertThat(outcome.changed()).as(what).isFalse();
        assertThat(outcome.patch()).as(what).isEqualTo(ByteString.EMPTY);
        assertThat(outcome.root()).as(what).hasToString(DOCUMENT);
    }

    @Test
    void noEditsSucceed() {
        changesNothing();
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() {
        changesNothing(set("", "n", "1.50"));
        changesNothing(set("", "z", "null"));
        changesNothing(set("", "o", "{ \"b\": 1, \"a\": [] }"));
        changesNothing(setItem("l", 0, "1"));
        changesNothing(replace(List.of(), DOCUMENT));
        changesNothing(replace(List.of("l", "1", "v"), "\"x\""));
        changesNothing(add(List.of("o"), "{\"b\":1,\"a\":[]}"));
        changesNothing(add(List.of(), DOCUMENT));
        changesNothing(test(List.of("n"), "1.5"));
        changesNothing(copy(List.of("o"), List.of("copy")));
        changesNothing(copy(List.of("n"), List.of("n")));
        changesNothing(move(List.of("n"), List.of("n")));
        changesNothing(merge("o", "{\"b\":1,\"none\":null}"));
        changesNothing(merge("", "{\"o\":{\"a\":[]},\"l\":[1,{\"id\":7,\"v\":\"x\"},[]]}"));
        changesNothing(merge("o", "{}"));
        changesNothing(updateItem("l", "{\"id\":7}", "id", "{\"v\":\"x\"}", false));
        changesNothing(updateItem("l", "{\"id\":7}", "id", "{\"id\":7,\"v\":\"x\"}", true));
        changesNothing(splice("l", 0, 2, "1", "{\"id\":7,\"v\":\"x\"}"));
        changesNothing(push("l"), unshift("l"), splice("l", 1, 0));
        changesNothing(createPath("o"));
        changesNothing(increment("l.0", 0));
    }

    @Test
    void editsThatUndoEachOtherAreNoChangeTogether() {
        changesNothing(set("", "n", "2"), set("", "n", "1.50"));
        changesNothing(insertItem("l", 1, "9"), removeValue(List.of("l", "1")));
        changesNothing(push("l", "9"), removeValue(List.of("l", "3")));
        changesNothing(set("", "new", "1"), remove("", "new"));
        changesNothing(increment("l.0", 5), increment("l.0", -5));
        changesNothing(replace(List.of(), "[]"), replace(List.of(), DOCUMENT));
    }

    @Test
    @Feature({"C-43", "G-9"})
    void otherDigitsAndAnotherOrderAreChanges() {
        for (DocumentEdit edit : List.of(
                set("", "n", "1.5"),
                set("", "n", "\"1.50\""),
                set("", "o", "{\"a\":[],\"b\":1}"),
                setItem("l", 0, "1.0"),
                setItem("l", 2, "{}"),
                merge("", "{\"n\":15e-1}"))) {
            Edits.Outcome outcome = apply(DOCUMENT, edit);
            assertThat(outcome.changed()).as("%s", edit).isTrue();
            assertThat(outcome.patch().size()).as("%s", edit).isPositive();
        }
        Edits.Outcome reordered = apply(DOCUMENT, remove("", "n"), set("", "n", "1.50"));
        assertThat(reordered.changed()).isTrue();
        assertThat(reordered.root().toString()).endsWith(",\"n\":1.50}");
    }

    @Test
    @Feature("C-04")
    void findingThatNothingChangesIsCounted() {
        Tally tally = Tally.unlimited();
        String large = "[" + "\"x\",".repeat(100_000) + "0]";
        Value root = json("{\"a\":" + large + "}");
        assertThat(Edits.apply(root, List.of(replace(List.of("a"), large)), false, Edits.BYTES_MAX, tally))
                .isInstanceOfSatisfying(
                        Edits.Outcome.class,
                        outcome -> assertThat(outcome.changed()).isFalse());
        Tally reading = Tally.unlimited();
        JsonText.parseIfValid(Editing.text(large), reading);
        assertThat(tally.steps()).isGreaterThan(reading.steps() + large.length() / 16);
    }
}
