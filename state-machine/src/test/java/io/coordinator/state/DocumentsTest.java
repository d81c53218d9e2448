package io.coordinator.state;

import static io.coordinator.protocol.DocumentReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.DocumentReply.OutcomeCase.EDITED;
import static io.coordinator.protocol.DocumentReply.OutcomeCase.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.JsonType;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ScanDocuments;
import io.coordinator.protocol.ScannedDocument;
import io.coordinator.testing.feature.Feature;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DocumentsTest extends Script {
    private static EditDocument.Builder edits(DocumentEdit... edits) {
        return EditDocument.newBuilder().addAllEdits(List.of(edits));
    }

    private String content(String id) {
        return session("a").document(id).getValue().toStringUtf8();
    }

    @Test
    @Feature({"S-01", "DJ-INIT-1", "DJ-INIT-2", "DJ-INIT-3", "DJ-SRC-4", "A-03"})
    void oneOfThoseWhoOpenItCreatesIt() {
        assertThat(session("a")
                        .open("d", "{\"by\":\"a\"}")
                        .gives(OPENED)
                        .reply()
                        .getDocument()
                        .getOpened()
                        .getCreated())
                .isTrue();
        Outcome later = session("b").open("d", "{\"by\":\"b\"}").gives(OPENED);
        assertThat(later.reply().getDocument().getOpened().getCreated()).isFalse();
        assertThat(later.made()).isEmpty();
        assertThat(content("d")).isEqualTo("{\"by\":\"a\"}");
        session("a").open("e", "").gives(OPENED);
        assertThat(content("e")).isEqualTo("{}");
        session("a").open("f", "0").gives(OPENED);
        assertThat(content("f")).isEqualTo("0");
        session("a").open("d", "", DocumentKind.EPHEMERAL, 0).refused(ErrorCode.EINVAL, "is DURABLE");
        session("a").open("g", "{oops").refused(ErrorCode.EINVAL);
        session("a").open("g", "", DocumentKind.DURABLE, 5).refused(ErrorCode.EINVAL, "ephemeral");
        assertThat(session("a").document("g").hasInfo()).isFalse();
    }

    @Test
    @Feature({"DJ-PUSH-1", "B-09", "B-10"})
    void anEditIsOneRevisionAndToldAsAPatch() {
        long created = session("a")
                .open("d", "{\"l\":[1]}")
                .reply()
                .getDocument()
                .getOpened()
                .getInfo()
                .getRevision();
        Outcome pushed = session("a").edit("d", edits(Edit.push("l", "2"), Edit.set("", "k", "null")));
        pushed.gives(EDITED);
        assertThat(pushed.made()).singleElement().satisfies(change -> {
            assertThat(change.getKind()).isEqualTo(ChangeKind.EDITED);
            assertThat(change.getRevision()).isEqualTo(created + 1);
            assertThat(change.getAppendedList())
                    .as("which operation appends, and where")
                    .containsExactly(0, 1);
            assertThat(change.getValue().toStringUtf8())
                    .isEqualTo(
                            "[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":2},{\"op\":\"add\",\"path\":\"/k\",\"value\":null}]");
        });
        GotDocument got = session("a").document("d");
        assertThat(got.getInfo().getVersion()).isEqualTo(2);
        assertThat(got.getInfo().getRevision()).isEqualTo(created + 1);
        assertThat(got.getInfo().getCreateRevision()).isEqualTo(created);
        Outcome nothing = session("a").edit("d", edits(Edit.pop("none")).setLenient(true));
        nothing.gives(EDITED);
        assertThat(nothing.made()).isEmpty();
        assertThat(nothing.reply().getDocument().getEdited().getResults(0).getStatus())
                .isEqualTo(EditResult.Status.NO_SUCH_PATH);
    }

    @Test
    @Feature({"C-45", "A-48", "G-10"})
    void whatLeavesADocumentAsItWasMakesNoRevisionAndIsToldToNobody() {
        session("a").open("d", "{\"n\":1,\"l\":[1]}");
        GotDocument before = session("a").document("d");
        for (EditDocument.Builder edit : List.of(
                edits(),
                edits().setLenient(true),
                edits().setExpectedRevision(before.getInfo().getRevision()),
                edits(Edit.set("", "n", "1")),
                edits(Edit.push("l", "2"), Edit.pop("l")),
                edits(Edit.copy("n", "n")))) {
            Outcome outcome = session("a").edit("d", edit).gives(EDITED);
            assertThat(outcome.made()).as("%s", edit).isEmpty();
            assertThat(outcome.reply().getDocument().getEdited().getInfo()).isEqualTo(before.getInfo());
            assertThat(outcome.reply().getDocument().getEdited().getResultsCount())
                    .isEqualTo(edit.getEditsCount());
        }
        assertThat(session("a").document("d")).isEqualTo(before);
        session("a").edit("none", edits()).refused(ErrorCode.EKEYNOTFOUND);
        session("a").edit("d", edits().setExpectedRevision(99)).refused(ErrorCode.ECONFLICT);
        assertThat(session("a").edit("d", edits(Edit.set("", "n", "1.0"))).made())
                .hasSize(1);
    }

    @Test
    @Feature({"S-08", "DJ-BAT-2", "A-10"})
    void aStrictBatchNamesWhatFailedAndDoesNothing() {
        session("a").open("d", "{\"o\":{}}");
        Outcome batch = session("a")
                .edit("d", edits(Edit.set("", "k", "1"), Edit.push("o", "1")))
                .refused(ErrorCode.EBATCH, "edit 2 of 2");
        assertThat(batch.reply().getError().getFailedEdit()).isEqualTo(1);
        assertThat(batch.made()).isEmpty();
        assertThat(content("d")).isEqualTo("{\"o\":{}}");
    }

    @Test
    @Feature({"B-27", "G-4"})
    void whatWasDeletedDoesNotEndOnceMoreWithItsSession() {
        session("a").open("d", "1", DocumentKind.EPHEMERAL, 0);
        session("a").deleteDocument("d", 0).changes(ChangeKind.DELETED);
        session("b").open("d", "2");
        session("a").close().changes();
        assertThat(last().defects()).isEmpty();
        assertThat(content("d")).isEqualTo("2");
    }

    @Test
    @Feature({"B-10", "DJ-REPL-1", "DJ-TX-8"})
    void anExpectationThatDoesNotHoldIsAConflict() {
        session("a").open("d", "{\"l\":[]}");
        long revision = session("a").document("d").getInfo().getRevision();
        session("b").push("d", "l", "1").gives(EDITED);
        session("a")
                .edit("d", edits(Edit.push("l", "2")).setExpectedRevision(revision))
                .refused(ErrorCode.ECONFLICT, "read it again");
        session("a").deleteDocument("d", revision).refused(ErrorCode.ECONFLICT);
        assertThat(content("d")).isEqualTo("{\"l\":[1]}");
        session("a").deleteDocument("d", 0).gives(DELETED);
        assertThat(session("a").deleteDocument("d", 0).made()).isEmpty();
        session("a").push("d", "l", "1").refused(ErrorCode.EKEYNOTFOUND, "open it first");
    }

    @Test
    @Tag("slow")
    @Feature({"DJ-SRC-1", "A-02", "B-27"})
    void ephemeralOnesEndWithTheirSessionOrTheirTime() {
        session("a").open("of-a", "1", DocumentKind.EPHEMERAL, 0);
        at(1_000).session("a").open("of-time", "2", DocumentKind.EPHEMERAL, 500);
        session("b").open("of-a", "", DocumentKind.EPHEMERAL, 0).gives(OPENED);
        at(1_400).session("b").open("of-time", "", DocumentKind.EPHEMERAL, 500).gives(OPENED);
        assertThat(at(1_600).tick().last().changes()).isEmpty();
        assertThat(content("of-time")).isEqualTo("2");
        assertThat(at(1_900).tick().last().changes())
                .singleElement()
                .extracting(Change::getKey, Change::getKind)
                .containsExactly("of-time", ChangeKind.EXPIRED);
        session("a").close();
        assertThat(session("b").document("of-a").hasInfo()).isFalse();
    }

    @Test
    void whatIsTooLargeIsRefusedWhole() {
        String large = "\"" + "x".repeat(1_000_000) + "\"";
        session("a").open("d", "[]");
        session("a")
                .edit("d", edits(Edit.push("", large), Edit.push("", large)))
                .gives(EDITED);
        long revision = session("a").document("d").getInfo().getRevision();
        session("a").edit("d", edits(Edit.push("", large))).refused(ErrorCode.ETOOLARGE, "limit is 2097152");
        assertThat(session("a").document("d").getInfo().getRevision()).isEqualTo(revision);
    }

    /** Refused as too large; nothing is changed, and nobody is told. */
    private void swells(String id, EditDocument.Builder edit, String why) {
        GotDocument before = session("a").document(id);
        Outcome outcome = session("a").edit(id, edit).refused(ErrorCode.ETOOLARGE, why);
        assertThat(outcome.made()).isEmpty();
        assertThat(session("a").document(id)).isEqualTo(before);
    }

    @Test
    @Feature("C-01")
    void copiesOfTheWholeDocumentAreTooLarge() {
        session("a").open("d", "{\"a\":\"" + "x".repeat(400_000) + "\"}");
        EditDocument.Builder copies = EditDocument.newBuilder();
        for (int i = 0; i < 14; i++) {
            copies.addEdits(Edit.copy("", "c" + i));
        }
        swells("d", copies, "limit is 2097152");
        swells("d", copies.setLenient(true), "limit is 2097152");
    }

    @Test
    @Feature("C-02")
    void aPatchIsNotLargerThanTheDocument() {
        session("a").open("d", "{\"a\":\"" + "x".repeat(900_000) + "\"}");
        Outcome copied = session("a")
                .edit("d", EditDocument.newBuilder().addAllEdits(Collections.nCopies(2_200, Edit.copy("a", "b"))));
        copied.gives(EDITED);
        assertThat(copied.made())
                .singleElement()
                .satisfies(change -> assertThat(change.getValue().size())
                        .isLessThan(session("a").document("d").getValue().size() + 100));
    }

    @Test
    @Feature("C-02")
    void resultsAreWithinTheBudgetOfACommand() {
        session("a").open("d", "{\"a\":\"" + "x".repeat(900_000) + "\"}");
        EditDocument.Builder edits = EditDocument.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            edits.addEdits(Edit.copy("a", "b")).addEdits(Edit.removeValue("b"));
        }
        swells("d", edits, "16777216 bytes that one command may");
    }

    @Test
    @Tag("slow")
    @Feature("C-04")
    void searchesAreWithinTheBudgetOfACommand() {
        session("a").open("d", "[" + "1,".repeat(400_000) + "1]");
        EditDocument.Builder searches =
                EditDocument.newBuilder().addAllEdits(Collections.nCopies(10_000, Edit.removeItem("", "2")));
        swells("d", searches.setLenient(true), "1000000 steps that one command may");
        EditDocument.Builder sums =
                EditDocument.newBuilder().addAllEdits(Collections.nCopies(10_000, Edit.increment("")));
        Outcome sum = session("a").edit("d", sums.setLenient(true));
        sum.gives(EDITED);
        assertThat(sum.reply().getDocument().getEdited().getResultsList())
                .hasSize(10_000)
                .allMatch(result -> result.getStatus() == EditResult.Status.NOT_A_NUMBER);
    }

    @Test
    @Feature("C-03")
    void namesAreNotLongerThanCanBeReadBack() {
        String name = "n".repeat(2_000);
        session("a")
                .open("d", "{\"" + name + "\":1}")
                .refused(ErrorCode.EINVAL, "a member has a name of more than 1024 bytes");
        session("a").open("d", "{}");
        session("a").edit("d", edits(Edit.set("", name, "1")).setLenient(true)).refused(ErrorCode.ETOOLARGE);
        assertThat(content("d")).isEqualTo("{}");
    }

    @Test
    @Feature({"DJ-GET-1", "DJ-SEL-5", "B-24"})
    void aReadSaysWhatIsThere() {
        session("a").open("d", "{\"l\":[1,null],\"s\":\"x\"}");
        GotDocument array = session("a").document("d", "l");
        assertThat(array.getType()).isEqualTo(JsonType.JSON_ARRAY);
        assertThat(array.getLength()).isEqualTo(2);
        assertThat(array.getValue()).isEqualTo(ByteString.copyFromUtf8("[1,null]"));
        assertThat(session("a").document("d", "l", "1").getType()).isEqualTo(JsonType.JSON_NULL);
        assertThat(session("a").document("d", "l", "2").getFound()).isFalse();
        assertThat(session("a").document("d", "s", "length").getFound()).isFalse();
    }

    @Test
    @Feature("B-33")
    void scansGoPageByPage() {
        for (String id : List.of("x/3", "x/1", "y", "x/2")) {
            session("a").open(id, "1");
        }
        var first = session("a").scanDocuments("x/", ScanDocuments.newBuilder().setLimit(2));
        assertThat(first.getMore()).isTrue();
        assertThat(first.getDocumentsList()).extracting(ScannedDocument::getId).containsExactly("x/1", "x/2");
        var rest = session("a")
                .scanDocuments("x/", ScanDocuments.newBuilder().setAfter("x/2").setWithContent(true));
        assertThat(rest.getMore()).isFalse();
        assertThat(rest.getDocumentsList())
                .singleElement()
                .extracting(ScannedDocument::getId, one -> one.getContent().toStringUtf8())
                .containsExactly("x/3", "1");
    }

    @Test
    @Feature({"PM-FENCE-4", "A-11"})
    void aGuardedEditIsRefusedOnceTheLockIsGone() {
        session("a").open("d", "{\"l\":[]}");
        long token = session("a").acquire("lock").token();
        session("a").guardedBy("lock", token).push("d", "l", "1").gives(EDITED);
        session("a").release("lock", token);
        session("a").guardedBy("lock", token).push("d", "l", "2").refused(ErrorCode.EFENCED);
        assertThat(content("d")).isEqualTo("{\"l\":[1]}");
    }

    @Test
    @Feature({"C-09", "G-3"})
    void whatIsPastItsDeadlineIsGoneAlsoBeforeItsRowIs() {
        withoutShadow();
        // So many that the documents looked at are not reclaimed before.
        int many = 11_000;
        for (int from = 0; from < many; from += 1_000) {
            Entry.Builder entry = Entry.newBuilder();
            for (int i = from; i < from + 1_000; i++) {
                entry.addCommands(session("a").stamp(opening("t/%05d".formatted(i))));
            }
            apply(entry);
            session("a").acks(session("a").sent().getSeq());
        }
        session("a").open("kept", "1");
        at(5_000).tick();
        int expired = last().changes().size();
        assertThat(expired).isBetween(1, many - 10);
        assertThat(session("a").document("t/10999").hasInfo()).isFalse();
        assertThat(session("a").scanDocuments("", ScanDocuments.newBuilder()).getDocumentsList())
                .hasSize(1);
        assertThat(query(Query.newBuilder()
                                .setDocument(DocumentQuery.newBuilder()
                                        .setNamespace(Actor.NAMESPACE)
                                        .setId("t/")
                                        .setScan(ScanDocuments.getDefaultInstance())))
                        .getError()
                        .getCode())
                .as("more are over than a scan passes over")
                .isEqualTo(ErrorCode.EBUSY);
        // Each of these commands finds one that is gone, and tells so.
        int told = expired;
        for (Command.Builder command : List.of(
                opening("t/10999"),
                editing("t/10998"),
                Command.newBuilder()
                        .setDocument(DocumentCommand.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setId("t/10997")
                                .setDelete(DeleteDocument.getDefaultInstance())))) {
            session("a").send(command);
            told += last().changes().size();
        }
        assertThat(session("a").document("t/10999").getInfo().getVersion()).isOne();
        assertThat(session("a").document("t/10998").hasInfo()).isFalse();
        while (core().hasWorkLeft()) {
            tick();
            told += last().changes().size();
        }
        assertThat(told).as("each expired once, and one was opened again").isEqualTo(many + 1);
    }

    private static Command.Builder opening(String id) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId(id)
                        .setOpen(OpenDocument.newBuilder()
                                .setKind(DocumentKind.EPHEMERAL)
                                .setTtlMillis(1_000)));
    }

    private static Command.Builder editing(String id) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId(id)
                        .setEdit(EditDocument.newBuilder().addEdits(Edit.push("list", "1"))));
    }
}
