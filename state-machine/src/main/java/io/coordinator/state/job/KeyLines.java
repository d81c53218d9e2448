package io.coordinator.state.job;

import io.coordinator.state.kernel.OrderedSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a queue, and which of them have a turn. Derived from rows. */
final class KeyLines {
    private final Map<String, KeyLine> lines = new HashMap<>();
    private final OrderedSet<KeyLine> turns = new OrderedSet<>(KeyLine.BY_HEAD);
    /** Those of which a job runs or waits for another attempt; in no order. */
    private final Set<KeyLine> held = new HashSet<>();

    private long most;

    /** @param most how many jobs of one key run at a time; 1: in order */
    KeyLines(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /**
     * Looks at those that are held, of which any may have a turn now, or none any more. The others have theirs whatever
     * the number is, and they can be very many.
     */
    void setMost(long most) {
        this.most = most;
        held.forEach(this::refresh);
    }

    /** How many {@link #setMost} looks at. */
    int held() {
        return held.size();
    }

    void enter(String key, StoredJob job) {
        KeyLine line = lines.computeIfAbsent(key, any -> new KeyLine());
        line.enter(job);
        changed(line);
    }

    void leave(String key, StoredJob job) {
        KeyLine line = lines.get(key);
        if (line == null) {
            throw new IllegalStateException("a job is not in the line of its key");
        }
        line.leave(job);
        changed(line);
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

    private void changed(KeyLine line) {
        if (line.isHeld()) {
            held.add(line);
        } else {
            held.remove(line);
        }
        refresh(line);
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
