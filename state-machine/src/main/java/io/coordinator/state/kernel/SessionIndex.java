package io.coordinator.state.kernel;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which rows belong to which session, by the seq of the command that made them. Derived from the rows. */
public final class SessionIndex {
    private final UndoLog undo;
    private final Map<Long, TreeMap<Long, String>> keys = new HashMap<>();
    private int size;

    public SessionIndex(UndoLog undo) {
        this.undo = undo;
    }

    public void add(long sessionId, long seq, String key) {
        String before = put(sessionId, seq, key);
        undo.add(() -> restore(sessionId, seq, before));
    }

    public void remove(long sessionId, long seq) {
        String before = take(sessionId, seq);
        if (before != null) {
            undo.add(() -> put(sessionId, seq, before));
        }
    }

    private void restore(long sessionId, long seq, @Nullable String before) {
        if (before == null) {
            take(sessionId, seq);
        } else {
            put(sessionId, seq, before);
        }
    }

    private @Nullable String put(long sessionId, long seq, String key) {
        String before = keys.computeIfAbsent(sessionId, id -> new TreeMap<>()).put(seq, key);
        size += before == null ? 1 : 0;
        return before;
    }

    private @Nullable String take(long sessionId, long seq) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        String before = owned == null ? null : owned.remove(seq);
        if (owned != null && owned.isEmpty()) {
            keys.remove(sessionId);
        }
        size -= before == null ? 0 : 1;
        return before;
    }

    public @Nullable String get(long sessionId, long seq) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        return owned == null ? null : owned.get(seq);
    }

    /** A session's keys, the oldest first; do not keep them across changes. */
    public Collection<String> of(long sessionId) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        return owned == null ? List.of() : owned.values();
    }

    /** A session's oldest key; null if it has none. */
    public @Nullable String first(long sessionId) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        return owned == null ? null : owned.firstEntry().getValue();
    }

    /** A session's next key behind a seq; null if there is none. */
    public @Nullable String after(long sessionId, long seq) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        Map.Entry<Long, String> next = owned == null ? null : owned.higherEntry(seq);
        return next == null ? null : next.getValue();
    }

    /** How many a session has. */
    public int count(long sessionId) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        return owned == null ? 0 : owned.size();
    }

    /** Over all sessions. */
    public int size() {
        return size;
    }
}
