package io.coordinator.state.lock;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockHold;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionCounts;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grants: one row for each on each of its names, all rows of a grant alike. Finds them by name and token, and by
 * session and request.
 */
final class LockTable {
    static final int NUMBER = 0;

    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a token in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Table<LockHold> rows;
    private final Lanes lanes;
    private final UndoLog undo;
    /** Each request of a grant, with the key of one of its rows. */
    private final SessionIndex requests;
    /** Locks held, counted once for each name. */
    private final SessionCounts held;

    LockTable(Storage storage, Lanes lanes) {
        rows = storage.table(DataKind.LOCK, NUMBER, LockHeap.HOLDS, LockHold::getDeadlineMillis);
        this.lanes = lanes;
        this.undo = storage.undo();
        this.requests = new SessionIndex(undo);
        this.held = new SessionCounts(undo);
    }

    /** The name that a row is about. */
    static Name nameOf(String rowKey) {
        return Name.ofKey(nameKey(rowKey));
    }

    @Nullable
    LockHold row(String rowKey) {
        return rows.get(rowKey);
    }

    /** The hold of this token on this name; null if it is not live. */
    @Nullable
    LockHold find(Name name, long token) {
        Lane lane = lanes.find(name.key());
        return lane == null ? null : lane.find(token);
    }

    /** The hold of this token on the first of the names where it is live; null if it is on none. */
    @Nullable
    LockHold findAny(List<Name> names, long token) {
        for (Name name : names) {
            LockHold hold = find(name, token);
            if (hold != null) {
                return hold;
            }
        }
        return null;
    }

    /** The key of a row of the grant that answered or was entered by this request; null if there is none. */
    @Nullable
    String rowOf(long sessionId, long requestSeq) {
        return requests.get(sessionId, requestSeq);
    }

    /** The key of a row of a session's oldest grant; null if it has none. */
    @Nullable
    String firstRowOf(long sessionId) {
        return requests.first(sessionId);
    }

    /** The keys of a row of each grant of a session, the oldest request first; a grant entered again comes again. */
    Collection<String> rowsOf(long sessionId) {
        return requests.of(sessionId);
    }

    /** The names of a grant on which it is still live. */
    List<Name> liveNames(String namespace, LockHold hold) {
        List<Name> names = LockNames.of(namespace, hold.getNamesList());
        if (names.size() == 1) {
            return names;
        }
        List<Name> live = new ArrayList<>(names.size());
        for (Name name : names) {
            if (find(name, hold.getToken()) != null) {
                live.add(name);
            }
        }
        return live;
    }

    /** How many locks a session holds. */
    int count(long sessionId) {
        return held.of(sessionId);
    }

    void add(List<Name> names, LockHold hold) {
        put(names, hold);
        requests.add(hold.getSessionId(), hold.getRequestSeq(), key(names.get(0), hold.getToken()));
    }

    /** Replaces a grant on the names where it is live. */
    void replace(List<Name> names, LockHold after) {
        put(names, after);
    }

    /** One more request has entered a grant that is live on these names. */
    void enter(List<Name> names, LockHold after, long requestSeq) {
        put(names, after);
        requests.add(after.getSessionId(), requestSeq, key(names.get(0), after.getToken()));
    }

    /** One of the requests that share a grant is over, and the grant lives on. */
    void leave(List<Name> names, LockHold after, long requestSeq) {
        put(names, after);
        requests.remove(after.getSessionId(), requestSeq);
    }

    /** Ends a grant on some of its names. */
    void remove(List<Name> names, LockHold hold) {
        for (Name name : names) {
            rows.remove(key(name, hold.getToken()));
            endIn(name, hold.getToken());
            undo.add(() -> lanes.obtain(name).hold(hold));
        }
        held.add(hold.getSessionId(), -names.size());
        unindex(hold);
        if (names.size() < hold.getNamesCount()) {
            List<Name> left = liveNames(names.get(0).namespace(), hold);
            if (!left.isEmpty()) {
                index(key(left.get(0), hold.getToken()), hold);
            }
        }
    }

    /** Locks that are held, counted once for each holder. */
    int size() {
        return rows.size();
    }

    void rebuild() {
        // In the order of keys: for a name that of tokens.
        rows.forEachInOrder((key, hold) -> {
            lanes.obtain(nameOf(key)).hold(hold);
            held.add(hold.getSessionId(), 1);
            index(key, hold);
        });
    }

    private void put(List<Name> names, LockHold hold) {
        for (Name name : names) {
            LockHold before = find(name, hold.getToken());
            rows.put(key(name, hold.getToken()), hold);
            lanes.obtain(name).hold(hold);
            if (before == null) {
                held.add(hold.getSessionId(), 1);
            }
            undo.add(
                    before == null
                            ? () -> endIn(name, hold.getToken())
                            : () -> lanes.obtain(name).hold(before));
        }
    }

    private void endIn(Name name, long token) {
        Lane lane = lanes.obtain(name);
        lane.end(token);
        lanes.forgetIfIdle(lane);
    }

    private void index(String rowKey, LockHold hold) {
        requests.add(hold.getSessionId(), hold.getRequestSeq(), rowKey);
        for (int i = 0; i < hold.getEnteredSeqsCount(); i++) {
            requests.add(hold.getSessionId(), hold.getEnteredSeqs(i), rowKey);
        }
    }

    private void unindex(LockHold hold) {
        requests.remove(hold.getSessionId(), hold.getRequestSeq());
        for (int i = 0; i < hold.getEnteredSeqsCount(); i++) {
            requests.remove(hold.getSessionId(), hold.getEnteredSeqs(i));
        }
    }

    /** The characters that a row's key has in its name and namespace, and one between. */
    static String nameKey(String rowKey) {
        return rowKey.substring(0, rowKey.length() - SUFFIX);
    }

    private static String key(Name name, long token) {
        return name.key() + '\0' + HEX.toHexDigits(token);
    }
}
