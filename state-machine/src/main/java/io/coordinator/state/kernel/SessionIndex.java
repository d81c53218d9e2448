package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which rows belong to which session, by the seq of the command that made them. Derived from the rows. */
public final class SessionIndex {
    private final Map<Long, TreeMap<Long, String>> keys = new HashMap<>();
    private int size;

    public void add(long sessionId, long seq, String key) {
        if (keys.computeIfAbsent(sessionId, id -> new TreeMap<>()).put(seq, key) == null) {
            size++;
        }
    }

    public void remove(long sessionId, long seq) {
        TreeMap<Long, String> owned = keys.get(sessionId);
        if (owned != null && owned.remove(seq) != null) {
            size--;
        }
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

    /** Forgets a session and returns its keys, the oldest first. */
    public List<String> drop(long sessionId) {
        TreeMap<Long, String> owned = keys.remove(sessionId);
        if (owned == null) {
            return List.of();
        }
        size -= owned.size();
        return new ArrayList<>(owned.values());
    }

    /** Over all sessions. */
    public int size() {
        return size;
    }
}
