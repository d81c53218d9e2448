package io.coordinator.state.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that have changed since the last capture, each once, with their latest values. A capture takes the lists as
 * they are; whatever changes afterwards goes into new ones.
 */
final class DirtyRows<M> {
    private List<String> keys = new ChunkedList<>();
    private List<@Nullable M> rows = new ChunkedList<>();
    /** Where the rows are listed that have been removed, in case they come back. */
    private SegmentedMap<Integer> removed = new SegmentedMap<>();

    private int generation = 1;

    /** Rows and their keys by position; null where a row is gone. */
    record Frozen<M>(List<String> keys, List<@Nullable M> rows) {}

    /** A slot that is new in its table. */
    void added(Slot<M> slot) {
        if (removed.size() > 0) {
            Integer at = removed.remove(slot.key);
            if (at != null) {
                slot.dirtyAt = at;
                slot.dirtyGeneration = generation;
            }
        }
        changed(slot);
    }

    void changed(Slot<M> slot) {
        list(slot, slot.row);
    }

    void removed(Slot<M> slot) {
        list(slot, null);
        removed.put(slot.key, slot.dirtyAt);
    }

    int size() {
        return keys.size();
    }

    Frozen<M> freeze() {
        Frozen<M> frozen = new Frozen<>(keys, rows);
        keys = new ChunkedList<>();
        rows = new ChunkedList<>();
        if (removed.size() > 0) {
            removed = new SegmentedMap<>();
        }
        generation++;
        return frozen;
    }

    private void list(Slot<M> slot, @Nullable M row) {
        if (slot.dirtyGeneration == generation) {
            rows.set(slot.dirtyAt, row);
            return;
        }
        slot.dirtyGeneration = generation;
        slot.dirtyAt = keys.size();
        keys.add(slot.key);
        rows.add(row);
    }
}
