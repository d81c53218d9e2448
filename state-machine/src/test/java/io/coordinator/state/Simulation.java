package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.FenceMode;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes a log: sessions come and go, some commands are guarded, acknowledgements lag behind, time sometimes jumps back.
 * It runs the log as it writes it, so that commands can name sessions and tokens that exist.
 */
final class Simulation implements Generator.World {
    private final Random random;
    private final List<Generator> generators;
    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final List<Entry> log = new ArrayList<>();
    private long nowMillis;

    private Simulation(long seed, List<Generator> generators) {
        this.random = new Random(seed);
        this.generators = generators;
    }

    /** A log of so many entries, and some between them that only go on with what was left; the entry at position i has index i + 1. */
    static List<Entry> log(long seed, List<Generator> generators, int entries) {
        Simulation simulation = new Simulation(seed, generators);
        for (int i = 0; i < entries; i++) {
            simulation.step();
        }
        return simulation.log;
    }

    private void step() {
        // Mostly forwards, sometimes far, sometimes back.
        nowMillis += random.nextInt(10) == 0 ? 1_000 : random.nextInt(60) - 10;
        Entry.Builder entry = Entry.newBuilder()
                .setClusterTimeMillis(nowMillis)
                .setLeaseReleased(random.nextInt(20) == 0)
                .setDigestIndex(core.index())
                .setDigest(core.digest());
        List<SessionView> sessions = core.sessions();
        if (sessions.size() < 3 || random.nextInt(15) == 0) {
            entry.addCommands(open());
        }
        if (random.nextInt(100) == 0) {
            entry.addCommands(Script.own(SessionCommand.newBuilder()
                    .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(1))));
        }
        for (SessionView session : sessions) {
            addCommands(session, entry);
        }
        for (Generator generator : generators) {
            if (generator instanceof Generator.Proposing proposing) {
                entry.addAllCommands(proposing.own(this));
            }
        }
        apply(entry.build());
        // As a leader does, which has other entries to propose as well.
        while (core.hasWorkLeft() && random.nextInt(4) != 0) {
            apply(Entry.newBuilder().setClusterTimeMillis(nowMillis).build());
        }
    }

    private void apply(Entry entry) {
        log.add(entry);
        core.apply(log.size(), entry);
    }

    private Command open() {
        String token = "the token of session " + random.nextInt(1_000_000);
        return Script.own(SessionCommand.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setResumeToken(ByteString.copyFromUtf8(token))
                        .setLeaseMillis(5_000)));
    }

    private void addCommands(SessionView session, Entry.Builder entry) {
        long seq = session.lastSeq();
        for (int count = random.nextInt(3); count > 0; count--) {
            seq++;
            Command.Builder command = Command.newBuilder()
                    .setSessionId(session.id())
                    .setSeq(seq)
                    .setAckedSeq(Math.max(0, seq - 1 - random.nextInt(6)))
                    .setAckedEvent(ackedEvent(session.id()));
            if (random.nextInt(4) == 0) {
                command.getGuardBuilder()
                        .setNamespace("ns")
                        .setLock(name())
                        .setToken(token())
                        .setMode(random.nextBoolean() ? FenceMode.STRICT : FenceMode.MONOTONIC);
            }
            if (random.nextInt(60) == 0) {
                command.getSessionBuilder().setClose(CloseSession.getDefaultInstance());
            } else {
                generators.get(random.nextInt(generators.size())).fill(command, this);
            }
            entry.addCommands(command);
        }
        if (random.nextInt(60) == 0) {
            entry.addCommands(Script.own(SessionCommand.newBuilder()
                    .setExpire(ExpireSession.newBuilder().setSessionId(session.id()))));
        }
    }

    /** Some event that the session can have heard of by now. */
    private long ackedEvent(long sessionId) {
        List<Event> pending = core.pendingEvents(sessionId);
        return pending.isEmpty() || random.nextBoolean()
                ? 0
                : pending.get(random.nextInt(pending.size())).getNumber();
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
