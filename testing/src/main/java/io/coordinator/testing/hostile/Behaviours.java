package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.StartWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ways to misbehave over sessions and their streams. What needs no session is in {@link RawSockets}, what makes much of
 * little in {@link Amplifiers}.
 */
public final class Behaviours {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final long[] WRONG_SEQS = {0, 3, 7, 1, 1, 2, Long.MIN_VALUE, -1, Long.MAX_VALUE, 2};

    private Behaviours() {}

    /** Every behaviour that needs a session, with counts that three small nodes on one machine can be asked to bear. */
    public static List<Behaviour> all() {
        return List.of(
                obedient(200),
                wild(100),
                slow(20),
                deaf(2_000),
                overEager(5_000),
                reconnecting(50),
                forgottenSessions(50),
                wrongTokens(50),
                wrongSeqs(),
                sessionsOfOthers(200),
                watches(2_000),
                unary(200));
    }

    /**
     * Commands and queries as the rules want them, of every kind, read and acknowledged: what reaches the state
     * machine.
     */
    public static Behaviour obedient(int count) {
        return Behaviour.of("obedient", arena -> {
            try (HostileSession session = arena.session()) {
                for (int i = 0; i < count && session.goesOn(); i++) {
                    Optional<Command> body = parsed(arena, Style.PLAUSIBLE);
                    if (body.isPresent()) {
                        session.ask(body.get().toBuilder().clearGuard());
                    }
                    session.send(Wire.field(
                            ClientFrame.QUERIES_FIELD_NUMBER,
                            arena.messages().next(Query.getDescriptor(), Style.PLAUSIBLE)));
                    session.send(Wire.field(
                            ClientFrame.START_WATCHES_FIELD_NUMBER,
                            arena.messages().next(StartWatch.getDescriptor(), Style.PLAUSIBLE)));
                }
                session.drain();
            }
        });
    }

    private static Optional<Command> parsed(Arena arena, Style style) {
        try {
            return Optional.of(Command.parseFrom(arena.messages().next(Command.getDescriptor(), style)));
        } catch (InvalidProtocolBufferException e) {
            arena.count("unparsable");
            return Optional.empty();
        }
    }

    /** Frames that are anything, and commands with anything in them under a right number. */
    public static Behaviour wild(int count) {
        return Behaviour.of("wild", arena -> {
            try (HostileSession session = arena.session()) {
                for (int i = 0; i < count && session.goesOn(); i++) {
                    ByteString any = arena.messages().next(Command.getDescriptor(), Style.WILD);
                    // Of a field given twice the last one counts, so the numbers are right whatever came before.
                    ByteString numbered =
                            any.concat(session.number(Command.newBuilder()).toByteString());
                    session.send(Wire.field(ClientFrame.COMMANDS_FIELD_NUMBER, numbered));
                    session.send(
                            arena.random().nextInt(10) == 0
                                    ? arena.messages().next(ClientFrame.getDescriptor(), Style.WILD)
                                    : Wire.field(
                                            ClientFrame.QUERIES_FIELD_NUMBER,
                                            arena.messages().next(Query.getDescriptor(), Style.WILD)));
                    session.drain();
                }
                session.drain();
            }
        });
    }

    /** Says something now and then and reads one frame now and then. */
    public static Behaviour slow(int count) {
        return Behaviour.of("slow", arena -> {
            try (RawStream stream = arena.stream()) {
                arena.pause(LONG);
                stream.push(
                        ClientFrame.newBuilder().setHello(arena.hello()).build().toByteString());
                for (int i = 0; i < count && arena.goesOn() && stream.end().isEmpty(); i++) {
                    stream.request(1);
                    arena.pause(SHORT);
                    Optional<ServerFrame> frame = stream.next(Duration.ZERO);
                    arena.count(frame.isPresent() ? "frame" : "nothing");
                    stream.push(Wire.field(ClientFrame.QUERIES_FIELD_NUMBER, ping(i).toByteString()));
                }
            }
        });
    }

    private static Query ping(long id) {
        return Query.newBuilder()
                .setId(id)
                .setCache(CacheQuery.newBuilder()
                        .setNamespace("hostile-0")
                        .setKey("a")
                        .setGet(GetValue.getDefaultInstance()))
                .build();
    }

    /** Opens a session, asks much, and reads nothing but the Welcome. */
    public static Behaviour deaf(int count) {
        return Behaviour.of("deaf", arena -> {
            try (RawStream stream = arena.stream().request(1)) {
                stream.push(
                        ClientFrame.newBuilder().setHello(arena.hello()).build().toByteString());
                if (stream.next(LONG).isEmpty()) {
                    arena.count("no Welcome");
                    return;
                }
                int sent = 0;
                while (sent < count
                        && arena.goesOn()
                        && stream.send(
                                Wire.field(
                                        ClientFrame.QUERIES_FIELD_NUMBER,
                                        ping(sent).toByteString()),
                                SHORT)) {
                    sent++;
                }
                arena.count(sent == count ? "all asked" : "held back");
                arena.pause(LONG);
            }
        });
    }

    /** Thousands of queries and commands in flight, none of them acknowledged. */
    public static Behaviour overEager(int count) {
        return Behaviour.of("over-eager", arena -> {
            try (HostileSession session = arena.session()) {
                for (int i = 1; i <= count && session.goesOn(); i++) {
                    ClientFrame frame = ClientFrame.newBuilder()
                            .addCommands(acknowledge(session.id(), i))
                            .addQueries(ping(i))
                            .build();
                    if (!session.send(frame.toByteString())) {
                        arena.count("held back");
                        break;
                    }
                }
                arena.pause(SHORT);
                session.drain();
            }
        });
    }

    private static Command acknowledge(long session, long seq) {
        return Command.newBuilder()
                .setSessionId(session)
                .setSeq(seq)
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build();
    }

    /** Connects, says hello and is gone, over and over. */
    public static Behaviour reconnecting(int count) {
        return Behaviour.of("reconnecting", arena -> {
            Hello hello = arena.hello().build();
            for (int i = 0; i < count && arena.goesOn(); i++) {
                try (RawStream stream = arena.stream().request(1)) {
                    stream.push(ClientFrame.newBuilder().setHello(hello).build().toByteString());
                    arena.count(
                            stream.next(Duration.ofMillis(arena.random().nextInt(100)))
                                            .isPresent()
                                    ? "heard"
                                    : "gone first");
                }
            }
        });
    }

    /** Opens sessions and forgets them, with the longest lease there is. */
    public static Behaviour forgottenSessions(int count) {
        return Behaviour.of("forgotten-sessions", arena -> {
            for (int i = 0; i < count && arena.goesOn(); i++) {
                HostileSession.open(
                                arena,
                                arena.hello().setLeaseMillis(Long.MAX_VALUE).build())
                        .close();
                arena.count("opened");
            }
            arena.pause(LONG);
        });
    }

    /** Resumes sessions that are not its own, or that there are not. */
    public static Behaviour wrongTokens(int count) {
        return Behaviour.of("wrong-tokens", arena -> {
            for (int i = 0; i < count && arena.goesOn(); i++) {
                long id = arena.random().nextInt(4) == 0
                        ? arena.random().nextLong()
                        : arena.random().nextInt(50);
                try (RawStream stream = arena.stream().request(2)) {
                    stream.push(ClientFrame.newBuilder()
                            .setHello(arena.hello().setSessionId(id))
                            .build()
                            .toByteString());
                    Optional<ServerFrame> frame = stream.next(LONG);
                    arena.count(frame.map(Behaviours::word).orElse("silence"));
                }
            }
        });
    }

    private static String word(ServerFrame frame) {
        return frame.hasGoodbye()
                ? "goodbye " + frame.getGoodbye().getCode()
                : frame.hasWelcome() ? "welcome" : "other";
    }

    /**
     * Numbers that leave gaps, repeat, and are negative or the largest there are; the node may end the stream of any.
     */
    public static Behaviour wrongSeqs() {
        return Behaviour.of("wrong-seqs", arena -> {
            for (long seq : WRONG_SEQS) {
                try (HostileSession session = arena.session()) {
                    Command command = acknowledge(session.id(), seq).toBuilder()
                            .setAckedSeq(
                                    arena.random().nextBoolean()
                                            ? 0
                                            : arena.random().nextLong())
                            .setAckedEvent(
                                    arena.random().nextBoolean()
                                            ? 0
                                            : arena.random().nextLong())
                            .build();
                    ByteString frame = Wire.field(ClientFrame.COMMANDS_FIELD_NUMBER, command.toByteString());
                    session.send(frame);
                    session.send(frame);
                    arena.pause(SHORT);
                    session.drain();
                }
            }
        });
    }

    /** Commands in the name of other sessions. */
    public static Behaviour sessionsOfOthers(int count) {
        return Behaviour.of("sessions-of-others", arena -> {
            try (HostileSession session = arena.session()) {
                for (int i = 0; i < count && session.goesOn(); i++) {
                    Optional<Command> body = parsed(arena, Style.PLAUSIBLE);
                    if (body.isPresent()) {
                        Command foreign = body.get().toBuilder()
                                .setSessionId(Math.max(
                                        0, session.id() - arena.random().nextInt(1, 20)))
                                .setSeq(1 + arena.random().nextInt(50))
                                .build();
                        session.send(Wire.field(ClientFrame.COMMANDS_FIELD_NUMBER, foreign.toByteString()));
                    }
                    session.drain();
                }
            }
        });
    }

    /** Thousands of watches of everything, some under one id, some ended that never began. */
    public static Behaviour watches(int count) {
        return Behaviour.of("watches", arena -> {
            try (HostileSession session = arena.session()) {
                for (int i = 0; i < count && session.goesOn(); i++) {
                    StartWatch watch = StartWatch.newBuilder()
                            .setId(arena.random().nextInt(count))
                            .setData(DataKind.CACHE)
                            .setNamespace("hostile-" + arena.random().nextInt(4))
                            .setPrefix(true)
                            .setFromRevision(arena.random().nextInt(3))
                            .build();
                    ClientFrame frame = ClientFrame.newBuilder()
                            .addStartWatches(watch)
                            .addStopWatches(arena.random().nextInt(10 * count))
                            .build();
                    if (!session.send(frame.toByteString())) {
                        arena.count("held back");
                        break;
                    }
                }
                arena.pause(LONG);
                session.drain();
            }
        });
    }

    /** The calls that need no session, with everything that a query can be. */
    public static Behaviour unary(int count) {
        return UnaryCalls.behaviour(count);
    }
}
