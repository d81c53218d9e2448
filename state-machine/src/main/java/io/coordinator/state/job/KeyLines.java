package io.coordinator.state.job;

import io.coordinator.state.kernel.OrderedSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a queue, and which of them have a turn. What has one depends on how many jobs of a key may run at a time,
 * and is asked for by that, so that nothing need be looked at when that changes. Derived from rows.
 */
final class KeyLines {
    private final Map<String, KeyLine> lines = new HashMap<>();
    /** Those in which some wait, by how many must be allowed to run at a time for their heads to have a turn. */
    private final TreeMap<Long, OrderedSet<KeyLine>> turns = new TreeMap<>();

    private long most;

    /** @param most how many jobs of one key run at a time; 1: in order */
    KeyLines(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    void setMost(long most) {
        this.most = most;
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
        StoredJob next = null;
        for (OrderedSet<KeyLine> those : turns.headMap(most, true).values()) {
            KeyLine line = those.first();
            if (line != null && (next == null || StoredJob.BY_PRIORITY.compare(line.head(), next) < 0)) {
                next = line.head();
            }
        }
        return next;
    }

    private void refresh(KeyLine line) {
        if (line.isListed()) {
            OrderedSet<KeyLine> those = turns.get(line.need());
            if (those == null || !those.remove(line)) {
                throw new IllegalStateException("a line of a key is not among those of its need");
            }
            if (those.isEmpty()) {
                turns.remove(line.need());
            }
        }
        line.renew();
        if (line.isListed()) {
            turns.computeIfAbsent(line.need(), any -> new OrderedSet<>(KeyLine.BY_HEAD))
                    .add(line);
        }
    }
}
