package io.coordinator.state.rpc;

import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.WaitQueues;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are not over, one row each: those that wait for a worker, in the order in which they came, and those
 * that a worker has, by the tokens of their leases.
 */
final class CallTable {
    private static final int NUMBER = 2;
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Table<CallRow> rows;
    private final UndoLog undo;
    /** By name and ticket. */
    private final Map<String, TreeMap<Long, CallRow>> waiting = new HashMap<>();
    /** The keys of rows. */
    private final Map<Long, String> byToken = new HashMap<>();
    /** Of those for whose outcome somebody waits. */
    private final SessionIndex requests;

    private int waitingCount;

    CallTable(Storage storage) {
        rows = storage.table(DataKind.RPC, NUMBER, WaitQueues.format(CallRow.parser()), CallTable::deadline);
        undo = storage.undo();
        requests = new SessionIndex(undo);
    }

    private static long deadline(CallRow call) {
        return call.hasLease()
                ? call.getDeadlineMillis()
                : LongStream.of(call.getDeadlineMillis(), call.getWaitUntilMillis())
                        .filter(deadline -> deadline != 0)
                        .min()
                        .orElse(0);
    }

    static String key(Name name, long ticket) {
        return name.key() + '\0' + HEX.toHexDigits(ticket);
    }

    /** The procedure that a row is about. */
    static Name nameOf(String rowKey) {
        return Name.ofKey(rowKey.substring(0, rowKey.length() - SUFFIX));
    }

    // ---- changes ----

    /** Inserts or replaces; ticket, session and request stay. */
    void put(Name name, CallRow call) {
        String key = key(name, call.getTicket());
        CallRow before = rows.get(key);
        rows.put(key, call);
        derive(key, before, call);
        undo.add(() -> derive(key, call, before));
        if (before != null && isAwaited(before) && !isAwaited(call)) {
            requests.remove(before.getSessionId(), before.getRequestSeq());
        } else if (isAwaited(call) && before == null) {
            requests.add(call.getSessionId(), call.getRequestSeq(), key);
        }
    }

    void remove(Name name, CallRow call) {
        String key = key(name, call.getTicket());
        CallRow before = rows.remove(key);
        if (before == null) {
            throw new IllegalStateException("call " + call.getTicket() + " is not there");
        }
        derive(key, before, null);
        undo.add(() -> derive(key, null, before));
        if (isAwaited(before)) {
            requests.remove(before.getSessionId(), before.getRequestSeq());
        }
    }

    void rebuild() {
        rows.forEachInOrder((key, call) -> {
            derive(key, null, call);
            if (isAwaited(call)) {
                requests.add(call.getSessionId(), call.getRequestSeq(), key);
            }
        });
    }

    private static boolean isAwaited(CallRow call) {
        return !call.getGivenUp();
    }

    private void derive(String key, @Nullable CallRow before, @Nullable CallRow after) {
        if (before != null && before.hasLease()) {
            byToken.remove(before.getLease().getToken());
        } else if (before != null) {
            leave(nameOf(key).key(), before);
        }
        if (after != null && after.hasLease()) {
            byToken.put(after.getLease().getToken(), key);
        } else if (after != null) {
            line(nameOf(key).key(), after);
        }
    }

    private void line(String name, CallRow call) {
        waiting.computeIfAbsent(name, key -> new TreeMap<>()).put(call.getTicket(), call);
        waitingCount++;
    }

    private void leave(String name, CallRow call) {
        TreeMap<Long, CallRow> line = waiting.get(name);
        if (line == null || line.remove(call.getTicket()) == null) {
            throw new IllegalStateException("call " + call.getTicket() + " does not wait");
        }
        if (line.isEmpty()) {
            waiting.remove(name);
        }
        waitingCount--;
    }

    // ---- what there is ----

    @Nullable
    CallRow row(String rowKey) {
        return rows.get(rowKey);
    }

    /** Who has waited longest; null if nobody waits. */
    @Nullable
    CallRow head(Name name) {
        TreeMap<Long, CallRow> line = waiting.get(name.key());
        return line == null ? null : line.firstEntry().getValue();
    }

    /** How many calls of a name wait for a worker. */
    int waiting(Name name) {
        TreeMap<Long, CallRow> line = waiting.get(name.key());
        return line == null ? 0 : line.size();
    }

    /** The call of this name that was leased with this token; null if it is over. */
    @Nullable
    CallRow leased(Name name, long token) {
        String key = byToken.get(token);
        return key != null && nameOf(key).key().equals(name.key()) ? rows.get(key) : null;
    }

    /** What this request of this session called; null if nobody waits for its outcome any more. */
    @Nullable
    CallRow find(Name name, long sessionId, long requestSeq) {
        String key = requests.get(sessionId, requestSeq);
        return key != null && nameOf(key).key().equals(name.key()) ? rows.get(key) : null;
    }

    /** The key of the row of a session's oldest call; null if it has none. */
    @Nullable
    String firstRowOf(long sessionId) {
        return requests.first(sessionId);
    }

    /** How many calls a session waits for. */
    int count(long sessionId) {
        return requests.count(sessionId);
    }

    /** Of all names, also those that nobody waits for any more. */
    int size() {
        return rows.size();
    }

    /** Of all names. */
    int waiting() {
        return waitingCount;
    }

    /** Visits the calls that a worker has. */
    void forEachLeased(LeaseVisitor visitor) {
        rows.forEachInOrder((key, call) -> {
            if (call.hasLease()) {
                visitor.accept(nameOf(key), key, call);
            }
        });
    }

    /** Sees a call that a worker has. */
    interface LeaseVisitor {
        void accept(Name name, String rowKey, CallRow call);
    }
}
