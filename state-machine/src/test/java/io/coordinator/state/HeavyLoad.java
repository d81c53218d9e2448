package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.TransactionCommand;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Commands that are meant to make much of little: large values beside small ones, one element many times, one command
 * many times in a transaction. Only what admission lets through is handed out.
 */
final class HeavyLoad implements Generator.World {
    private static final int SESSIONS = 4;
    private static final int[] TIMES = {1, 1, 12, 100, 300};
    private static final List<ByteString> SMALL = texts("null", "0", "7", "1.5", "\"s\"", "[]", "{\"a\":1}", "[1,2,3]");
    private static final List<ByteString> LARGE = texts(
            '"' + "x".repeat(40_000) + '"',
            "[1" + ",1".repeat(10_000) + "]",
            "{\"list\":[1,2],\"o\":{\"p\":\"" + "y".repeat(30_000) + "\"}}",
            "{\"a\":".repeat(100) + "0" + "}".repeat(100));

    private final Random random;
    private final List<Generator> generators;
    private final boolean inTransactions;
    private final Coordinator core;
    private long nowMillis;

    HeavyLoad(Coordinator core, Random random, List<Generator> generators, boolean inTransactions) {
        this.core = core;
        this.random = random;
        this.generators = generators;
        this.inTransactions = inTransactions;
    }

    private static List<ByteString> texts(String... texts) {
        return List.of(texts).stream().map(ByteString::copyFromUtf8).toList();
    }

    /** Lets time pass: what is due then is done by an entry without commands. */
    Entry tick() {
        nowMillis += random.nextInt(40);
        return Entry.newBuilder().setClusterTimeMillis(nowMillis).build();
    }

    /** An entry with one command; empty if admission refuses what came to mind. */
    Optional<Entry> next() {
        List<SessionView> sessions = core.sessions();
        Command command = sessions.size() < SESSIONS
                ? Script.openCommand("session " + random.nextLong())
                : command(sessions.get(random.nextInt(sessions.size())));
        return core.refuse(command).isPresent()
                ? Optional.empty()
                : Optional.of(Entry.newBuilder()
                        .setClusterTimeMillis(nowMillis)
                        .addCommands(command)
                        .build());
    }

    private Command command(SessionView session) {
        Command.Builder command = Command.newBuilder()
                .setSessionId(session.id())
                .setSeq(session.lastSeq() + 1)
                .setAckedSeq(Math.max(0, session.lastSeq() - random.nextInt(3)))
                .setAckedEvent(ackedEvent(session.id()));
        int times = TIMES[random.nextInt(TIMES.length)];
        if (random.nextInt(40) == 0) {
            return command.setSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()))
                    .build();
        }
        if (inTransactions && random.nextInt(3) > 0) {
            command.setTransaction(transaction(command.getSeq(), times));
        } else {
            fill(command, times);
        }
        return command.build();
    }

    private void fill(Command.Builder command, int times) {
        generators.get(random.nextInt(generators.size())).fill(command, this);
        AnyOperations.multiply(command, random, times);
    }

    private TransactionCommand transaction(long seq, int times) {
        Command.Builder part = Command.newBuilder();
        fill(part, TIMES[random.nextInt(TIMES.length)]);
        Condition.Builder condition = Condition.newBuilder();
        AnyOperations.fill(condition, this, seq, 0);
        TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
        int size = part.build().getSerializedSize() + condition.build().getSerializedSize();
        int most = Limits.DEFAULT.requestBytesMax() / (2 * size + 1);
        for (int i = Math.min(times, most); i > 0; i--) {
            transaction.addThen(part).addOtherwise(part);
            if (random.nextBoolean()) {
                transaction.addConditions(condition);
            }
        }
        return transaction.build();
    }

    private long ackedEvent(long sessionId) {
        List<Event> pending = core.pendingEvents(sessionId);
        return pending.isEmpty() || random.nextBoolean()
                ? 0
                : pending.get(pending.size() - 1).getNumber();
    }

    @Override
    public Coordinator core() {
        return core;
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public String name() {
        return "name-" + random.nextInt(2);
    }

    @Override
    public ByteString json() {
        List<ByteString> texts = random.nextInt(3) == 0 ? LARGE : SMALL;
        return texts.get(random.nextInt(texts.size()));
    }

    /** Few end by themselves, so that waiters gather. */
    @Override
    public long millis() {
        return random.nextInt(3) == 0 ? random.nextInt(400) : 60_000;
    }

    @Override
    public long token() {
        Query stats = Query.newBuilder()
                .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                .build();
        long last = core.query(stats).getSession().getStats().getLastToken();
        return Math.max(0, last - random.nextInt(6));
    }

    @Override
    public long seqBefore(long seq) {
        return Math.max(0, seq - 1 - random.nextInt(8));
    }
}
