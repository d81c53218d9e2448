package io.coordinator.state.job;

import io.coordinator.state.kernel.OrderedSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a queue, and which of them have a turn. Derived from rows. */
final class KeyLines {
    private final Map<String, KeyLine> lines = new HashMap<>();
    private final OrderedSet<KeyLine> turns = new OrderedSet<>(KeyLine.BY_HEAD);
    private long most;

    /** @param most how many jobs of one key run at a time; 1: in order */
    KeyLines(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /** Looks at every line, since any of them may have a turn now, or none any more. */
    void setMost(long most) {
        this.most = most;
        lines.values().forEach(this::refresh);
    }

    int size() {
        return lines.size();
    }

    void enter(String key, StoredJob job) {
        KeyLine line = lines.computeIfAbsent(key, any -> new KeyLine());
        line.enter(job);
        refresh(line);
    }

    void leave(String key, StoredJob job) {
        KeyLine line = lines.get(key);
        if (line == null) {
            throw new IllegalStateException("a job is not in the line of its key");
        }
        line.leave(job);
        refresh(line);
        if (line.isEmpty()) {
            lines.remove(key);
        }
    }

    /** The job that is the next of all that have their turn; null if there is none. */
    @Nullable
    StoredJob next() {
        KeyLine line = turns.first();
        return line == null ? null : line.head();
    }

    private void refresh(KeyLine line) {
        if (line.hasTurn()) {
            turns.remove(line);
        }
        line.setHead(line.next(most));
        if (line.hasTurn()) {
            turns.add(line);
        }
    }
}
