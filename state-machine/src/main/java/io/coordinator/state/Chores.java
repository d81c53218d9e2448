package io.coordinator.state;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.session.SharedValues;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that grow with the state, done in slices over several entries. Those for which somebody waits come before those
 * that only reclaim what nobody can see any more; among themselves each is done to its end in the order in which it was
 * left.
 */
final class Chores {
    private static final int TABLE = 4;
    private static final HexFormat HEX = HexFormat.of();
    /** Sorts before the other. */
    private static final String URGENT = "a";

    private static final String RECLAIM = "b";

    private final Table<Chore> rows;
    private final SharedValues shared;

    Chores(Storage storage, SharedValues shared) {
        rows = storage.sortedTable(DataKind.SESSION, TABLE, Chore.parser(), never -> 0);
        this.shared = shared;
    }

    /** Does a part of a job. */
    interface Worker {
        /** How the job goes on; null if it is done. */
        @Nullable
        Chore work(Chore chore, Slice slice);
    }

    int size() {
        return rows.size();
    }

    void add(long ticket, boolean urgent, Chore chore) {
        rows.put((urgent ? URGENT : RECLAIM) + HEX.toHexDigits(ticket), chore);
        shared.refer(chore.getValueId());
    }

    /** The key of the next job; null if there is none. */
    @Nullable
    String first() {
        return rows.size() == 0 ? null : rows.ceilingKey("");
    }

    /** Has a part of a job done. */
    void work(String key, Slice slice, Worker worker) {
        Chore chore = get(key);
        Chore left = worker.work(chore, slice);
        if (left == null) {
            drop(key);
        } else if (!left.equals(chore)) {
            rows.put(key, left);
        }
    }

    /** Gives a job up. */
    void drop(String key) {
        Chore chore = get(key);
        rows.remove(key);
        shared.release(chore.getValueId());
    }

    private Chore get(String key) {
        Chore chore = rows.get(key);
        if (chore == null) {
            throw new IllegalStateException("the order of jobs names one that is gone");
        }
        return chore;
    }

    void rebuild() {
        rows.forEachInOrder((key, chore) -> shared.refer(chore.getValueId()));
    }
}
