package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.TransactionCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Programs that make much of little: each has ended, stalled or swollen a cluster once. They take away what they made,
 * so that a run shows what one of them does and not what a full cluster does.
 *
 * <p>Numbers of cases (C-01, …) are those of the catalogue of reported inputs.
 */
public final class Amplifiers {
    private static final String NAMESPACE = "hostile-amplifiers";
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
        List<Behaviour> all = new ArrayList<>(documents().all());
        all.addAll(
                List.of(failingSwaps(), longClientName(), unreadReads(), waiters(), clearedKeys(), ephemeralSession()));
        return all;
    }

    /** Those that are documents and their edits. */
    public DocumentAmplifiers documents() {
        return new DocumentAmplifiers(scale);
    }

    private int scaled(int full) {
        return Math.max(1, (int) Math.round(full * scale));
    }

    /** Compare-and-sets that fail, each of which answers the whole value (C-05). */
    public Behaviour failingSwaps() {
        return Behaviour.of("failing-swaps", arena -> {
            try (HostileSession session = arena.session()) {
                Bulk.count(arena, session.ask(cache("large", put(scaled(MEGABYTE)))));
                TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
                Command.Builder swap = Command.newBuilder();
                swap.getCacheBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("large")
                        .setCompareAndSet(CompareAndSet.newBuilder()
                                .setExpect(Expectation.newBuilder().setAbsent(true))
                                .setNext(Bulk.json("1")));
                for (int i = scaled(1_000); i > 0; i--) {
                    transaction.addThen(swap);
                }
                Bulk.count(arena, session.ask(Command.newBuilder().setTransaction(transaction)));
                Command.Builder delete = Command.newBuilder();
                delete.getCacheBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("large")
                        .setDelete(DeleteValue.getDefaultInstance());
                Bulk.count(arena, session.ask(delete));
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
                Bulk.count(arena, reserved);
                waiting.sendAll(Bulk.repeat(scaled(2_100), i -> build(reserve)));
                CompleteBuild.Builder complete = CompleteBuild.newBuilder().setValue(Bulk.text(scaled(MEGABYTE)));
                reserved.ifPresent(
                        reply -> complete.setToken(reply.getBuild().getBuild().getToken()));
                Command.Builder done = Command.newBuilder();
                done.getBuildBuilder().setNamespace(NAMESPACE).setKey("build").setComplete(complete);
                Bulk.count(arena, builder.ask(done));
                Command.Builder delete = Command.newBuilder();
                delete.getBuildBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey("build")
                        .setDelete(DeleteBuild.getDefaultInstance());
                Bulk.count(arena, builder.ask(delete));
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
                Bulk.count(arena, session.ask(cache("unread", put(scaled(MEGABYTE)))));
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
                session.sendAll(Bulk.repeat(scaled(300), Amplifiers::thousandPuts));
                Command.Builder clear = Command.newBuilder();
                clear.getCacheBuilder().setNamespace(NAMESPACE).setClear(ClearValues.getDefaultInstance());
                Bulk.count(arena, session.ask(clear));
            }
        });
    }

    private static Command.Builder thousandPuts(int thousand) {
        PutValues.Builder all = PutValues.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            all.addValues(
                    KeyedValue.newBuilder().setKey("k" + thousand + "-" + i).setValue(Bulk.json("1")));
        }
        Command.Builder command = Command.newBuilder();
        command.getCacheBuilder().setNamespace(NAMESPACE).setPutAll(all);
        return command;
    }

    /** A session that ends with very many ephemeral documents (C-09). */
    public Behaviour ephemeralSession() {
        return Behaviour.of("ephemeral-session", arena -> {
            try (HostileSession session = arena.session()) {
                session.sendAll(Bulk.repeat(scaled(100_000), i -> {
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
        return PutValue.newBuilder().setValue(Bulk.text(bytes)).build();
    }
}
