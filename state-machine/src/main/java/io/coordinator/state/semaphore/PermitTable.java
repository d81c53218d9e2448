package io.coordinator.state.semaphore;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.PermitHold;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The grants of permits, one row each, and how many permits of each semaphore they take. */
final class PermitTable {
    static final int NUMBER = 1;

    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a token in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Table<PermitHold> rows;
    private final Map<String, Taken> bySemaphore = new HashMap<>();
    private final UndoLog undo;
    private final SessionIndex requests;

    /** What is taken of one semaphore. */
    private static final class Taken {
        final TreeMap<Long, PermitHold> byToken = new TreeMap<>();
        long permits;
    }

    PermitTable(Storage storage) {
        rows = storage.table(DataKind.SEMAPHORE, NUMBER, PermitHold.parser(), PermitHold::getDeadlineMillis);
        undo = storage.undo();
        requests = new SessionIndex(undo);
    }

    /** The semaphore that a row is about. */
    static Name nameOf(String rowKey) {
        return Name.ofKey(rowKey.substring(0, rowKey.length() - SUFFIX));
    }

    static long permits(PermitHold hold) {
        return Integer.toUnsignedLong(hold.getPermits());
    }

    @Nullable
    PermitHold row(String rowKey) {
        return rows.get(rowKey);
    }

    @Nullable
    PermitHold find(Name name, long token) {
        return rows.get(key(name, token));
    }

    /** What this request of this session was granted of this semaphore; null if there is nothing. */
    @Nullable
    PermitHold findRequest(Name name, long sessionId, long requestSeq) {
        String row = requests.get(sessionId, requestSeq);
        return row != null && nameOf(row).key().equals(name.key()) ? rows.get(row) : null;
    }

    long taken(Name name) {
        Taken taken = bySemaphore.get(name.key());
        return taken == null ? 0 : taken.permits;
    }

    /** In the order of tokens; do not keep them across changes. */
    Collection<PermitHold> holds(Name name) {
        Taken taken = bySemaphore.get(name.key());
        return taken == null ? List.of() : taken.byToken.values();
    }

    /** Inserts or replaces; a grant never changes its number of permits. */
    void put(Name name, PermitHold hold) {
        String key = key(name, hold.getToken());
        PermitHold before = rows.get(key);
        rows.put(key, hold);
        take(name.key(), hold);
        undo.add(() -> {
            if (before == null) {
                giveBack(name.key(), hold);
            } else {
                take(name.key(), before);
            }
        });
        requests.add(hold.getSessionId(), hold.getRequestSeq(), key);
    }

    void remove(Name name, PermitHold hold) {
        rows.remove(key(name, hold.getToken()));
        requests.remove(hold.getSessionId(), hold.getRequestSeq());
        giveBack(name.key(), hold);
        undo.add(() -> take(name.key(), hold));
    }

    /** How many grants a session has. */
    int count(long sessionId) {
        return requests.count(sessionId);
    }

    /** The key of the row of a session's oldest grant; null if it has none. */
    @Nullable
    String firstRowOf(long sessionId) {
        return requests.first(sessionId);
    }

    void rebuild() {
        rows.forEachInOrder((key, hold) -> index(key, nameOf(key).key(), hold));
    }

    private void index(String rowKey, String semaphore, PermitHold hold) {
        take(semaphore, hold);
        requests.add(hold.getSessionId(), hold.getRequestSeq(), rowKey);
    }

    private void take(String semaphore, PermitHold hold) {
        Taken taken = bySemaphore.computeIfAbsent(semaphore, key -> new Taken());
        if (taken.byToken.put(hold.getToken(), hold) == null) {
            taken.permits += permits(hold);
        }
    }

    private void giveBack(String semaphore, PermitHold hold) {
        Taken taken = bySemaphore.get(semaphore);
        if (taken != null && taken.byToken.remove(hold.getToken()) != null) {
            taken.permits -= permits(hold);
            if (taken.byToken.isEmpty()) {
                bySemaphore.remove(semaphore);
            }
        }
    }

    private static String key(Name name, long token) {
        return name.key() + '\0' + HEX.toHexDigits(token);
    }
}
