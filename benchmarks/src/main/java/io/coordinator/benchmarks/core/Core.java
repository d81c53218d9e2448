package io.coordinator.benchmarks.core;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** A state machine without anything around it, driven entry by entry. Its sessions acknowledge everything at once. */
final class Core {
    private static final int BATCH = 500;
    private static final int WAITERS = 10_000;

    private final Coordinator coordinator = new Coordinator(Limits.DEFAULT);
    private final Map<Long, Long> seqs = new HashMap<>();
    private final Map<Long, Long> heard = new HashMap<>();
    private long nowMillis;
    private int opened;

    /** Opens a session. */
    long open() {
        Command open = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(
                                        ByteString.copyFromUtf8(String.format(Locale.ROOT, "token-%016d", ++opened)))
                                .setClientName("benchmark")
                                .setLeaseMillis(10_000)))
                .build();
        return apply(entry().addCommands(open)).getSession().getOpened().getSessionId();
    }

    /** Opens sessions. */
    List<Long> open(int count) {
        List<Long> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(open());
        }
        return sessions;
    }

    /** Applies commands of one session, many to an entry. */
    void all(long session, int count, IntFunction<Command.Builder> command) {
        for (int from = 0; from < count; from += BATCH) {
            Entry.Builder entry = entry();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                entry.addCommands(next(session, command.apply(i)));
            }
            apply(entry);
        }
    }

    /** Applies commands of several sessions, none of which may wait for more than it is allowed. */
    void allOfSeveral(int count, IntFunction<Command.Builder> command) {
        for (int from = 0; from < count; from += WAITERS) {
            int first = from;
            all(open(), Math.min(WAITERS, count - from), i -> command.apply(first + i));
        }
    }

    /** Applies one command. */
    Reply apply(long session, Command.Builder command) {
        return apply(entry().addCommands(next(session, command)));
    }

    /** Lets so much time pass, without an entry that says so. */
    void pass(long millis) {
        nowMillis += millis;
    }

    /**
     * Applies one more entry and then empty ones until nothing is left to do.
     *
     * @return how long they held the thread
     */
    Holds settle(Entry.Builder first) {
        Holds holds = new Holds();
        Entry next = first.setClusterTimeMillis(nowMillis).build();
        do {
            holds.measure(next, entry -> hear(coordinator.apply(coordinator.index() + 1, entry)));
            next = entry().build();
        } while (stats().getChores() > 0 || coordinator.nextDeadlineMillis().orElse(Long.MAX_VALUE) <= nowMillis);
        return holds;
    }

    /** An entry at this time with one command. */
    Entry.Builder entry(long session, Command.Builder command) {
        return entry().addCommands(next(session, command));
    }

    /** An entry at this time. */
    Entry.Builder entry() {
        return Entry.newBuilder().setClusterTimeMillis(nowMillis);
    }

    Stats stats() {
        return coordinator
                .query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                        .build())
                .getSession()
                .getStats();
    }

    /** As if a snapshot had been taken: what has changed is no longer remembered. */
    void forgetChanges() {
        var unused = coordinator.capture();
    }

    private Reply apply(Entry.Builder entry) {
        Applied applied = coordinator.apply(coordinator.index() + 1, entry.build());
        hear(applied);
        for (Reply reply : applied.replies()) {
            if (reply.hasError()) {
                throw new IllegalStateException("refused: " + reply.getError().getMessage());
            }
        }
        return applied.replies().get(0);
    }

    private void hear(Applied applied) {
        applied.events()
                .forEach(event -> heard.put(event.sessionId(), event.event().getNumber()));
    }

    private Command next(long session, Command.Builder command) {
        long seq = seqs.merge(session, 1L, Long::sum);
        return command.setSessionId(session)
                .setSeq(seq)
                .setAckedSeq(seq - 1)
                .setAckedEvent(heard.getOrDefault(session, 0L))
                .build();
    }
}
