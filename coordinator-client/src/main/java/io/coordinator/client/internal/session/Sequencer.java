package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The order of a session's calls: what waits to be sent, what was sent and has no answer, and what goes into the next
 * frame. Knows no transport and no clock. Not thread-safe.
 */
final class Sequencer {
    private static final int FRAME_CALLS_MAX = 1024;
    private static final int FRAME_BYTES_MAX = 512 << 10;

    private final ArrayDeque<Call> outgoing = new ArrayDeque<>();
    private final Map<Long, QueryCall> asked = new HashMap<>();
    private final BiConsumer<Call, CoordinatorException> failed;
    private final ReplyWindow window = new ReplyWindow();
    private Session session;

    /** The next number of the log to hand to the present stream. */
    private long cursor = 1;

    private long lastQueryId;
    private long ackedEvent;
    private long ackedSeq;
    private long unacknowledgedBytes;
    private long requestBytesMax = Long.MAX_VALUE;

    /** The command whose reply is the last one of those that were turned back; 0 if none were. */
    private long turnedBackUntil;

    /**
     * The lowest number without a reply when commands were last turned back, and how often it has been the same since.
     */
    private long turnedBackFrom;

    private int turnsInVain;
    private long turns;

    /**
     * An empty sequencer.
     *
     * @param failed hears of calls that cannot be sent
     */
    Sequencer(Session session, BiConsumer<Call, CoordinatorException> failed) {
        this.session = session;
        this.failed = failed;
    }

    void add(Call call) {
        outgoing.add(call);
    }

    /** The highest event whose handling has been told to the cluster. */
    long ackedEvent() {
        return ackedEvent;
    }

    /** The highest reply whose receipt has been told to the cluster. */
    long ackedSeq() {
        return ackedSeq;
    }

    /** About the bytes of replies and events that have come since a command last acknowledged what had. */
    long unacknowledgedBytes() {
        return unacknowledgedBytes;
    }

    /** The largest command that the cluster takes; 0 if it did not say. */
    void limitRequestBytes(long max) {
        requestBytesMax = max == 0 ? Long.MAX_VALUE : max;
    }

    /** A new stream: everything unanswered goes again, under the same numbers. */
    void rewind() {
        goAgain();
        turnedBackFrom = 0;
        turnsInVain = 0;
        List<QueryCall> again = new ArrayList<>(asked.values());
        asked.clear();
        again.sort(Comparator.comparingLong((QueryCall query) -> query.id).reversed());
        again.forEach(outgoing::addFirst);
    }

    /**
     * A command was not applied, and neither is any after it: they must go again, when the last of them has been turned
     * back as well, so that no reply to them is taken for one to their repetition.
     */
    void turnedBack(Reply reply) {
        CommandCall call = session.log().get(reply.getSeq());
        if (call != null && turnedBackUntil == 0) {
            turns++;
            turnedBackUntil = cursor - 1;
            window.turnedBack(reply.getSeq() - 1 - call.ackedSeq());
            boolean inVain = turnedBackFrom == session.log().first();
            turnsInVain = inVain ? turnsInVain + 1 : 0;
            turnedBackFrom = session.log().first();
        }
    }

    /** Whether commands were turned back, and wait for {@link #goAgain}. */
    boolean isTurnedBack() {
        return turnedBackUntil != 0;
    }

    /** Whether that reply was the last one to what was turned back. */
    boolean mayGoAgain(Reply reply) {
        return turnedBackUntil != 0 && reply.getSeq() >= turnedBackUntil;
    }

    /** How often commands were turned back. */
    long turns() {
        return turns;
    }

    /** How often in a row commands were turned back before any of them was applied. */
    int turnsInVain() {
        return turnsInVain;
    }

    /** Every command without a reply goes again, under the same number. */
    void goAgain() {
        turnedBackUntil = 0;
        cursor = session.log().first();
    }

    /** Continues with a new session; what was numbered in the old one must have been taken out before. */
    void replace(Session next) {
        session = next;
        cursor = 1;
        ackedEvent = 0;
        ackedSeq = 0;
        unacknowledgedBytes = 0;
        turnedBackUntil = 0;
        turnedBackFrom = 0;
        turnsInVain = 0;
    }

    /** Fills a frame with what may be sent now. */
    boolean fill(ClientFrame.Builder frame, long nowNanos) {
        int bytes = 0;
        int calls = 0;
        while (calls < FRAME_CALLS_MAX && bytes < FRAME_BYTES_MAX && turnedBackUntil == 0) {
            int added = cursor < session.log().next() ? addAgain(frame, nowNanos) : addNew(frame, nowNanos);
            if (added < 0) {
                break;
            }
            bytes += added;
            calls++;
        }
        return frame.getCommandsCount() + frame.getQueriesCount() > 0;
    }

    private boolean isWindowFull() {
        return cursor - session.log().first() >= window.commands();
    }

    /** Adds the next unanswered command; answers its size, or -1 if the window is full. */
    private int addAgain(ClientFrame.Builder frame, long nowNanos) {
        if (isWindowFull()) {
            return -1;
        }
        CommandCall call = session.log().get(cursor++);
        if (call == null) {
            return 0; // answered while others before it were not
        }
        acknowledgeAll();
        call.sentNanos = nowNanos;
        frame.addCommands(call.again(ackedSeq, ackedEvent));
        return call.bytes();
    }

    /** What the next command says: the cluster judges by each command alone how much is unacknowledged. */
    private void acknowledgeAll() {
        ackedSeq = session.log().ackedSeq();
        ackedEvent = session.lastEvent();
        unacknowledgedBytes = 0;
    }

    /** Adds the next call that was never sent; answers its size, or -1 if there is none or the window is full. */
    private int addNew(ClientFrame.Builder frame, long nowNanos) {
        for (Call call = outgoing.peek(); call != null; call = outgoing.peek()) {
            if (call.finished) {
                outgoing.remove();
            } else if (call instanceof QueryCall query) {
                outgoing.remove();
                return addQuery(frame, query, nowNanos);
            } else if (isWindowFull()) {
                return -1;
            } else {
                outgoing.remove();
                int added = addCommand(frame, (CommandCall) call, nowNanos);
                if (added >= 0) {
                    return added;
                }
            }
        }
        return -1;
    }

    private int addQuery(ClientFrame.Builder frame, QueryCall query, long nowNanos) {
        CommandLog log = session.log();
        Query message = query.message(++lastQueryId, log.isEmpty() ? 0 : log.next() - 1);
        query.sentNanos = nowNanos;
        asked.put(query.id, query);
        frame.addQueries(message);
        return message.getSerializedSize();
    }

    private int addCommand(ClientFrame.Builder frame, CommandCall call, long nowNanos) {
        CoordinatorException refusal = refusal(call);
        if (refusal != null) {
            failed.accept(call, refusal);
            return -1;
        }
        long seq = session.log().append(call);
        cursor = seq + 1;
        acknowledgeAll();
        Command message = call.sequence(session, seq, ackedSeq, ackedEvent);
        call.sentNanos = nowNanos;
        frame.addCommands(message);
        return call.bytes();
    }

    private @Nullable CoordinatorException refusal(CommandCall call) {
        if (!call.mayBeSentIn(session)) {
            return new SessionExpiredException("the session that this command belongs to has ended", false, null);
        }
        if (call.bytes() > requestBytesMax) {
            return new PayloadTooLargeException(
                    "the request has " + call.bytes() + " bytes, the cluster takes at most " + requestBytesMax);
        }
        return null;
    }

    /** Takes out the command that a reply belongs to; null if it has been answered before. */
    @Nullable
    CommandCall replied(Reply reply) {
        CommandCall call = session.log().remove(reply.getSeq());
        if (call != null) {
            window.replied(reply.getSerializedSize());
            unacknowledgedBytes += reply.getSerializedSize();
        }
        return call;
    }

    /** An event has come that is to be acknowledged. */
    void told(Event event) {
        unacknowledgedBytes += event.getSerializedSize();
    }

    /** Takes out the query that an answer belongs to; null if it is not awaited any more. */
    @Nullable
    QueryCall answered(Answer answer) {
        return asked.remove(answer.getId());
    }

    /** A query's caller has given up. */
    void forget(QueryCall query) {
        asked.remove(query.id);
    }

    /** Takes out every numbered command: the session has ended. */
    List<CommandCall> takeNumbered() {
        List<CommandCall> all = new ArrayList<>();
        CommandLog log = session.log();
        for (long seq = log.first(); seq < log.next(); seq++) {
            CommandCall call = log.get(seq);
            if (call != null) {
                all.add(call);
            }
        }
        all.forEach(call -> log.remove(call.seq()));
        return all;
    }

    /** Takes out every call never sent for which a test holds. */
    List<Call> takeUnsent(Predicate<Call> test) {
        List<Call> taken = new ArrayList<>();
        outgoing.removeIf(call -> {
            boolean take = !call.finished && test.test(call);
            if (take) {
                taken.add(call);
            }
            return take || call.finished;
        });
        return taken;
    }

    /** Takes out every query that was sent. */
    List<Call> takeAsked() {
        List<Call> all = new ArrayList<>(asked.values());
        asked.clear();
        return all;
    }
}
