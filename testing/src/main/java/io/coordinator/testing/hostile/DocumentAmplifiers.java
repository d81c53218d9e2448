package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TransactionCommand;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/** Documents and edits that make much of little; as all {@link Amplifiers}, they delete what they made. */
public final class DocumentAmplifiers {
    private static final String NAMESPACE = "hostile-amplifiers";
    private static final String DOCUMENT = "bomb";
    private static final int MEGABYTE = 1_000_000;

    private final double scale;

    /**
     * Programs of one size.
     *
     * @param scale of all counts and sizes; 1 is as they were reported
     */
    public DocumentAmplifiers(double scale) {
        this.scale = scale;
    }

    /** All of them, from the quick to the long. */
    public List<Behaviour> all() {
        return List.of(
                documentCopies(),
                copyOver(),
                copyAndRemove(),
                longMemberSplice(),
                deepMerge(),
                longMemberNames(),
                removeItems(),
                increments(),
                conditions());
    }

    private int scaled(int full) {
        return Math.max(1, (int) Math.round(full * scale));
    }

    /** A document copied into itself 14 times: 2^14 times its size (C-01). */
    public Behaviour documentCopies() {
        return edits(
                "document-copies", Bulk.memberOf(scaled(400_000)), false, 14, i -> copy(List.of(), List.of("c" + i)));
    }

    /** A large member copied over another 2,200 times: a patch of gigabytes for a document that stays small (C-02). */
    public Behaviour copyOver() {
        return edits(
                "copy-over",
                Bulk.memberOf(scaled(MEGABYTE)),
                false,
                scaled(2_200),
                i -> copy(List.of("a"), List.of("b")));
    }

    /** As {@link #copyOver}, but each copy is removed again (C-02). */
    public Behaviour copyAndRemove() {
        return edits(
                "copy-and-remove",
                Bulk.memberOf(scaled(MEGABYTE)),
                false,
                scaled(2_000),
                i -> i % 2 == 0
                        ? copy(List.of("a"), List.of("b"))
                        : DocumentEdit.newBuilder()
                                .addPath("b")
                                .setRemoveValue(RemoveValue.getDefaultInstance())
                                .build());
    }

    /** One splice of many elements into an array whose path is repeated for each of them (C-02). */
    public Behaviour longMemberSplice() {
        String name = "n".repeat(scaled(MEGABYTE));
        return edits(
                "long-member-splice",
                Bulk.json("{\"" + name + "\":[]}"),
                false,
                1,
                i -> DocumentEdit.newBuilder()
                        .addPath(name)
                        .setSplice(SpliceItems.newBuilder().addAllValues(Bulk.ones(scaled(400_000))))
                        .build());
    }

    /** A merge 250 levels deep with many leaves: each of them has a path of 250 steps (C-02). */
    public Behaviour deepMerge() {
        String leaves = "{" + Bulk.join(scaled(100_000), i -> "\"k" + i + "\":1") + "}";
        String deep = "{\"d\":".repeat(250) + leaves + "}".repeat(250);
        return edits(
                "deep-merge",
                Bulk.json("{}"),
                false,
                2,
                i -> DocumentEdit.newBuilder()
                        .setMerge(
                                ReplaceValue.newBuilder().setValue(Bulk.json(i == 0 ? deep : deep.replace(":1", ":2"))))
                        .build());
    }

    /** Member names too long for a row's key or a path (C-03). */
    public Behaviour longMemberNames() {
        return edits(
                "long-member-names",
                Bulk.json("{}"),
                true,
                5,
                i -> DocumentEdit.newBuilder()
                        .setSet(SetMember.newBuilder()
                                .setName("m".repeat(60_000) + i)
                                .setValue(Bulk.json("1")))
                        .build());
    }

    /** Each edit compares every element of a long array (C-04). */
    public Behaviour removeItems() {
        return edits(
                "remove-items",
                Bulk.array(scaled(500_000)),
                true,
                scaled(10_000),
                i -> DocumentEdit.newBuilder()
                        .setRemoveItem(RemoveItem.newBuilder().setItem(Bulk.json("2")))
                        .build());
    }

    /** Each edit asks a long array whether it is a number (C-04). */
    public Behaviour increments() {
        return edits(
                "increments",
                Bulk.array(scaled(500_000)),
                true,
                scaled(10_000),
                i -> DocumentEdit.newBuilder()
                        .setIncrement(IncrementNumber.newBuilder().setBy(1))
                        .build());
    }

    /** Conditions that all look at one large document (C-04). */
    public Behaviour conditions() {
        return Behaviour.of("conditions", arena -> {
            try (HostileSession session = arena.session()) {
                ask(arena, session, document().setOpen(open(Bulk.array(scaled(500_000)))));
                ask(arena, session, document().setEdit(EditDocument.newBuilder().addEdits(push(scaled(500_000)))));
                Condition.Builder condition = Condition.newBuilder();
                condition
                        .getDocumentBuilder()
                        .setNamespace(NAMESPACE)
                        .setId(DOCUMENT)
                        .setExpect(Expectation.newBuilder().setValue(Bulk.json("[1]")));
                TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
                for (int i = scaled(1_000); i > 0; i--) {
                    transaction.addConditions(condition);
                }
                Bulk.count(arena, session.ask(Command.newBuilder().setTransaction(transaction)));
                ask(arena, session, document().setDelete(DeleteDocument.getDefaultInstance()));
            }
        });
    }

    /** Opens a document, makes one batch of edits, and deletes it. */
    private static Behaviour edits(
            String name, ByteString content, boolean lenient, int count, IntFunction<DocumentEdit> edit) {
        return Behaviour.of(name, arena -> {
            EditDocument.Builder batch = EditDocument.newBuilder().setLenient(lenient);
            for (int i = 0; i < count; i++) {
                batch.addEdits(edit.apply(i));
            }
            try (HostileSession session = arena.session()) {
                ask(arena, session, document().setOpen(open(content)));
                ask(arena, session, document().setEdit(batch));
                ask(arena, session, document().setDelete(DeleteDocument.getDefaultInstance()));
            }
        });
    }

    private static void ask(Arena arena, HostileSession session, DocumentCommand.Builder document)
            throws InterruptedException, IOException {
        if (session.goesOn()) {
            Bulk.count(arena, session.ask(Command.newBuilder().setDocument(document)));
        }
    }

    private static DocumentCommand.Builder document() {
        return DocumentCommand.newBuilder().setNamespace(NAMESPACE).setId(DOCUMENT);
    }

    private static OpenDocument open(ByteString content) {
        return OpenDocument.newBuilder().setInitialContent(content).build();
    }

    private static DocumentEdit copy(List<String> from, List<String> to) {
        return DocumentEdit.newBuilder()
                .addAllPath(to)
                .setCopy(MoveValue.newBuilder().addAllFrom(from))
                .build();
    }

    private static DocumentEdit push(int count) {
        return DocumentEdit.newBuilder()
                .setPush(AddItems.newBuilder().addAllValues(Bulk.ones(count)))
                .build();
    }
}
