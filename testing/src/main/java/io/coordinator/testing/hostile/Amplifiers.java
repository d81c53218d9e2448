package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TransactionCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Programs that make much of little: each has ended, stalled or swollen a cluster once. They take away what they made,
 * so that a run shows what one of them does and not what a full cluster does.
 *
 * <p>Numbers of cases (C-01, …) are those of the catalogue of reported inputs.
 */
public final class Amplifiers {
    private static final String NAMESPACE = "hostile-amplifiers";
    private static final String DOCUMENT = "bomb";
    private static final int MEGABYTE = 1_000_000;

    private final double scale;

    /**
     * Programs of one size.
     *
     * @param scale of all counts and sizes; 1 is as they were reported
     */
    public Amplifiers(double scale) {
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
                conditions(),
                failingSwaps(),
                longClientName(),
                unreadReads(),
                waiters(),
                clearedKeys(),
                ephemeralSession());
    }

    private int scaled(int full) {
        return Math.max(1, (int) Math.round(full * scale));
    }

    /** A document copied into itself 14 times: 2^14 times its size (C-01). */
    public Behaviour documentCopies() {
        return edits("document-copies", memberOf(scaled(400_000)), false, 14, i -> copy(List.of(), List.of("c" + i)));
    }

    /** A large member copied over another 2,200 times: a patch of gigabytes for a document that stays small (C-02). */
    public Behaviour copyOver() {
        return edits(
                "copy-over", memberOf(scaled(MEGABYTE)), false, scaled(2_200), i -> copy(List.of("a"), List.of("b")));
    }

    /** As {@link #copyOver}, but each copy is removed again (C-02). */
    public Behaviour copyAndRemove() {
        return edits(
                "copy-and-remove",
                memberOf(scaled(MEGABYTE)),
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
                json("{\"" + name + "\":[]}"),
                false,
                1,
                i -> DocumentEdit.newBuilder()
                        .addPath(name)
                        .setSplice(SpliceItems.newBuilder().addAllValues(ones(scaled(400_000))))
                        .build());
    }

    /** A merge 250 levels deep with many leaves: each of them has a path of 250 steps (C-02). */
    public Behaviour deepMerge() {
        String leaves = "{" + join(scaled(100_000), i -> "\"k" + i + "\":1") + "}";
        String deep = "{\"d\":".repeat(250) + leaves + "}".repeat(250);
        return edits(
                "deep-merge",
                json("{}"),
                false,
                2,
                i -> DocumentEdit.newBuilder()
                        .setMerge(ReplaceValue.newBuilder().setValue(json(i == 0 ? deep : deep.replace(":1", ":2"))))
                        .build());
    }

    /** Member names too long for a row's key or a path (C-03). */
    public Behaviour longMemberNames() {
        return edits(
                "long-member-names",
                json("{}"),
                true,
                5,
                i -> DocumentEdit.newBuilder()
                        .setSet(SetMember.newBuilder()
                                .setName("m".repeat(60_000) + i)
                                .setValue(json("1")))
                        .build());
    }

    /** Each edit compares every element of a long array (C-04). */
    public Behaviour removeItems() {
        return edits(
                "remove-items",
                array(scaled(500_000)),
                true,
                scaled(10_000),
                i -> DocumentEdit.newBuilder()
                        .setRemoveItem(RemoveItem.newBuilder().setItem(json("2")))
                        .build());
    }

    /** Each edit asks a long array whether it is a number (C-04). */
    public Behaviour increments() {
        return edits(
                "increments",
                array(scaled(500_000)),
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
                ask(arena, session, document().setOpen(open(array(scaled(500_000)))));
                ask(arena, session, document().setEdit(EditDocument.newBuilder().addEdits(push(scaled(500_000)))));
                Condition.Builder condition = Condition.newBuilder();
                condition
                        .getDocumentBuilder()
                        .setNamespace(NAMESPACE)
                        .setId(DOCUMENT)
                        .setExpect(Expectation.newBuilder().setValue(json("[1]")));
                TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
                for (int i = scaled(1_000); i > 0; i--) {
                    transaction.addConditions(condition);
                }
                count(arena, session.ask(Command.newBuilder().setTransaction(transaction)));
                ask(arena, session, document().setDelete(DeleteDocument.getDefaultInstance()));
            }
        });
    }

    /** Compare-and-sets that fail, each of which answers the whole value (C-05). */
    public Behaviour failingSwaps() {
        return Behaviour.of("failing-swaps", arena -> {
            try (HostileSession session = arena.session()) {
                count(arena, session.ask(cache("large", put(scaled(MEGABYTE)))));
                TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
                Command.Builder swap = Command.newBuilder();
                swap.getCacheBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("large")
                        .setCompareAndSet(CompareAndSet.newBuilder()
                                .setExpect(Expectation.newBuilder().setAbsent(true))
                                .setNext(json("1")));
                for (int i = scaled(1_000); i > 0; i--) {
                    transaction.addThen(swap);
                }
                count(arena, session.ask(Command.newBuilder().setTransaction(transaction)));
                Command.Builder delete = Command.newBuilder();
                delete.getCacheBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("large")
                        .setDelete(DeleteValue.getDefaultInstance());
                count(arena, session.ask(delete));
            }
        });
    }

    /** Many waiters of one session on one build, whose result is large (C-06). */
    public Behaviour waiters() {
        return Behaviour.of("waiters", arena -> {
            try (HostileSession builder = arena.session();
                    HostileSession waiting = arena.session()) {
                ReserveBuild.Builder reserve =
                        ReserveBuild.newBuilder().setBuildMillis(60_000).setWaitMillis(60_000);
                Optional<Reply> reserved = builder.ask(build(reserve));
                count(arena, reserved);
                waiting.sendAll(repeat(scaled(2_100), i -> build(reserve)));
                CompleteBuild.Builder complete = CompleteBuild.newBuilder().setValue(text(scaled(MEGABYTE)));
                reserved.ifPresent(
                        reply -> complete.setToken(reply.getBuild().getBuild().getToken()));
                Command.Builder done = Command.newBuilder();
                done.getBuildBuilder().setNamespace(NAMESPACE).setKey("build").setComplete(complete);
                count(arena, builder.ask(done));
                Command.Builder delete = Command.newBuilder();
                delete.getBuildBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("build")
                        .setDelete(DeleteBuild.getDefaultInstance());
                count(arena, builder.ask(delete));
                waiting.drain();
                waiting.end();
            }
        });
    }

    /** A name of several megabytes in the Hello (C-07). */
    public Behaviour longClientName() {
        return Behaviour.of("long-client-name", arena -> {
            try (HostileSession session = HostileSession.open(
                    arena,
                    arena.hello()
                            .setClientName("n".repeat(scaled(5 * MEGABYTE)))
                            .build())) {
                arena.count("welcome");
                session.end();
            }
        });
    }

    /** Many reads of a large value, none of whose answers is read (C-08). */
    public Behaviour unreadReads() {
        return Behaviour.of("unread-reads", arena -> {
            try (HostileSession session = arena.session()) {
                count(arena, session.ask(cache("unread", put(scaled(MEGABYTE)))));
            }
            try (RawStream stream = arena.stream().request(1)) {
                stream.push(
                        ClientFrame.newBuilder().setHello(arena.hello()).build().toByteString());
                if (stream.next(Duration.ofSeconds(10)).isEmpty()) {
                    return;
                }
                for (int i = scaled(2_000); i > 0 && arena.goesOn(); i--) {
                    if (!stream.send(Wire.field(ClientFrame.QUERIES_FIELD_NUMBER, get(i)), Duration.ofMillis(200))) {
                        arena.count("held back");
                        break;
                    }
                }
                arena.pause(Duration.ofSeconds(5));
            }
        });
    }

    private static ByteString get(int id) {
        return Query.newBuilder()
                .setId(id)
                .setCache(CacheQuery.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("unread")
                        .setGet(GetValue.getDefaultInstance()))
                .build()
                .toByteString();
    }

    /** Many keys, all cleared by one command (C-09). */
    public Behaviour clearedKeys() {
        return Behaviour.of("cleared-keys", arena -> {
            try (HostileSession session = arena.session()) {
                session.sendAll(repeat(scaled(300), Amplifiers::thousandPuts));
                Command.Builder clear = Command.newBuilder();
                clear.getCacheBuilder().setNamespace(NAMESPACE).setClear(ClearValues.getDefaultInstance());
                count(arena, session.ask(clear));
            }
        });
    }

    private static Command.Builder thousandPuts(int thousand) {
        PutValues.Builder all = PutValues.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            all.addValues(
                    KeyedValue.newBuilder().setKey("k" + thousand + "-" + i).setValue(json("1")));
        }
        Command.Builder command = Command.newBuilder();
        command.getCacheBuilder().setNamespace(NAMESPACE).setPutAll(all);
        return command;
    }

    /** A session that ends with very many ephemeral documents (C-09). */
    public Behaviour ephemeralSession() {
        return Behaviour.of("ephemeral-session", arena -> {
            try (HostileSession session = arena.session()) {
                session.sendAll(repeat(scaled(100_000), i -> {
                    Command.Builder command = Command.newBuilder();
                    command.getDocumentBuilder()
                            .setNamespace(NAMESPACE)
                            .setId("e" + i)
                            .setOpen(OpenDocument.newBuilder().setKind(DocumentKind.EPHEMERAL));
                    return command;
                }));
                session.end();
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
            count(arena, session.ask(Command.newBuilder().setDocument(document)));
        }
    }

    private static void count(Arena arena, Optional<Reply> reply) {
        arena.count(reply.map(r -> r.hasError()
                        ? r.getError().getCode().name()
                        : r.getOutcomeCase().name())
                .orElse("no reply"));
    }

    private static DocumentCommand.Builder document() {
        return DocumentCommand.newBuilder().setNamespace(NAMESPACE).setId(DOCUMENT);
    }

    private static OpenDocument open(ByteString content) {
        return OpenDocument.newBuilder().setInitialContent(content).build();
    }

    private static Command.Builder build(ReserveBuild.Builder reserve) {
        Command.Builder command = Command.newBuilder();
        command.getBuildBuilder().setNamespace(NAMESPACE).setKey("build").setReserve(reserve);
        return command;
    }

    private static Command.Builder cache(String key, PutValue put) {
        Command.Builder command = Command.newBuilder();
        command.getCacheBuilder().setNamespace(NAMESPACE).setKey(key).setPut(put);
        return command;
    }

    private static PutValue put(int bytes) {
        return PutValue.newBuilder().setValue(text(bytes)).build();
    }

    private static DocumentEdit copy(List<String> from, List<String> to) {
        return DocumentEdit.newBuilder()
                .addAllPath(to)
                .setCopy(MoveValue.newBuilder().addAllFrom(from))
                .build();
    }

    private static DocumentEdit push(int count) {
        return DocumentEdit.newBuilder()
                .setPush(AddItems.newBuilder().addAllValues(ones(count)))
                .build();
    }

    private static List<ByteString> ones(int count) {
        ByteString one = json("1");
        return IntStream.range(0, count).mapToObj(i -> one).toList();
    }

    private static ByteString array(int count) {
        return json("[" + join(count, i -> "1") + "]");
    }

    private static String join(int count, IntFunction<String> element) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(element.apply(i));
        }
        return text.toString();
    }

    private static ByteString memberOf(int bytes) {
        return json("{\"a\":\"" + "x".repeat(bytes) + "\"}");
    }

    private static ByteString text(int bytes) {
        return json('"' + "x".repeat(bytes) + '"');
    }

    private static ByteString json(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static Iterator<Command.Builder> repeat(int count, IntFunction<Command.Builder> command) {
        return IntStream.range(0, count).mapToObj(command).iterator();
    }
}
