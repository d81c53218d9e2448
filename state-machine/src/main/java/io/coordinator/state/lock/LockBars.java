package io.coordinator.state.lock;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockBar;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.List;
import java.util.TreeSet;

/**
 * The highest token among the ended grants of each lock, for monotonic fences. There are many more locks in the life of
 * a cluster than it can remember, so the bars with the lowest tokens go first; a lock without a bar lets no ended grant
 * pass.
 */
final class LockBars {
    /** A constant, for what is dropped is part of what every replica computes. */
    static final int MAX = 100_000;

    private static final int NUMBER = 2;

    private final Table<LockBar> rows;
    private final int max;
    private final UndoLog undo;
    private final TreeSet<Bar> lowestFirst = new TreeSet<>();

    private record Bar(long token, String key) implements Comparable<Bar> {
        @Override
        public int compareTo(Bar other) {
            int order = Long.compare(token, other.token);
            // The names of a set share their token.
            return order == 0 ? key.compareTo(other.key) : order;
        }
    }

    LockBars(Storage storage, int max) {
        rows = storage.table(DataKind.LOCK, NUMBER, LockBar.parser(), bar -> 0);
        this.max = max;
        this.undo = storage.undo();
    }

    /** 0 if no grant of the lock has ended, or so long ago that it is forgotten. */
    long of(Name name) {
        LockBar bar = rows.get(name.key());
        return bar == null ? 0 : bar.getToken();
    }

    /** Notes that a grant of the lock has ended. */
    void raise(Name name, long token) {
        long before = of(name);
        if (token <= before) {
            return;
        }
        if (before != 0) {
            remove(new Bar(before, name.key()));
        }
        rows.put(name.key(), LockBar.newBuilder().setToken(token).build());
        Bar bar = new Bar(token, name.key());
        lowestFirst.add(bar);
        undo.add(() -> lowestFirst.remove(bar));
        if (rows.size() > max) {
            rows.remove(lowestFirst.first().key());
            remove(lowestFirst.first());
        }
    }

    private void remove(Bar bar) {
        lowestFirst.remove(bar);
        undo.add(() -> lowestFirst.add(bar));
    }

    /** Of which none is known to be the last token of its lock any more. */
    void clear() {
        List.copyOf(lowestFirst).forEach(bar -> {
            rows.remove(bar.key());
            remove(bar);
        });
    }

    int size() {
        return rows.size();
    }

    void rebuild() {
        rows.forEachInOrder((key, bar) -> lowestFirst.add(new Bar(bar.getToken(), key)));
    }
}
