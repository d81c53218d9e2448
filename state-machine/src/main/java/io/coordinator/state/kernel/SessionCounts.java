package io.coordinator.state.kernel;

import java.util.HashMap;
import java.util.Map;

/** How much of something each session has. Derived from the rows. */
public final class SessionCounts {
    private final UndoLog undo;
    private final Map<Long, Integer> counts = new HashMap<>();

    public SessionCounts(UndoLog undo) {
        this.undo = undo;
    }

    public int of(long sessionId) {
        return counts.getOrDefault(sessionId, 0);
    }

    public void add(long sessionId, int change) {
        count(sessionId, change);
        undo.add(() -> count(sessionId, -change));
    }

    private void count(long sessionId, int change) {
        counts.merge(sessionId, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
}
