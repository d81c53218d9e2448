package io.coordinator.state.topic;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeliveryRow;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.RowFormat;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What groups have come to and not settled, one row for each message, by the pools of their members. A message that has
 * no row is settled if it is before the group's next offset.
 */
final class DeliveryTable {
    static final int NUMBER = 4;
    /** Places in the orders that are derived. */
    private static final long DERIVED_HEAP = 240;

    private final Table<DeliveryRow> rows;
    private final UndoLog undo;
    private final Map<String, Outstanding> pools = new HashMap<>();

    DeliveryTable(Storage storage) {
        RowFormat<DeliveryRow> format = RowFormat.ofMessages(
                DeliveryRow.parser(), (key, row) -> RowFormat.MESSAGE_HEAP + DERIVED_HEAP + row.getSerializedSize());
        rows = storage.table(DataKind.TOPIC, NUMBER, format, DeliveryTable::dueMillis);
        undo = storage.undo();
    }

    private static long dueMillis(DeliveryRow row) {
        return row.hasLease() ? row.getLease().getDeadlineMillis() : row.getNotBeforeMillis();
    }

    @Nullable
    DeliveryRow find(String pool, long offset) {
        return rows.get(TopicKeys.item(pool, offset));
    }

    void put(String pool, long offset, DeliveryRow row) {
        rows.put(TopicKeys.item(pool, offset), row);
        set(pool, offset, item(row));
    }

    void remove(String pool, long offset) {
        rows.remove(TopicKeys.item(pool, offset));
        set(pool, offset, null);
    }

    private void set(String pool, long offset, Outstanding.@Nullable Item item) {
        Outstanding place = place(pool);
        Outstanding.Item before = place.set(offset, item);
        undo.add(() -> place.set(offset, before));
    }

    private static Outstanding.Item item(DeliveryRow row) {
        return new Outstanding.Item(row.getKey(), !row.hasLease(), row.getNotBeforeMillis() == 0);
    }

    /** Whether messages of one key come one after the other. */
    void order(String pool, boolean byKey) {
        Outstanding place = place(pool);
        boolean before = place.order(byKey);
        undo.add(() -> place.order(before));
    }

    /** Forgets a pool of which nothing is left. */
    void forget(String pool) {
        Outstanding place = pools.remove(pool);
        if (place != null) {
            undo.add(() -> pools.put(pool, place));
        }
    }

    /** What is outstanding of a pool, to be asked only. */
    Outstanding of(String pool) {
        Outstanding place = pools.get(pool);
        return place == null ? new Outstanding() : place;
    }

    long lowest(String pool) {
        return of(pool).lowest();
    }

    /** Of all groups. */
    int size() {
        return rows.size();
    }

    private Outstanding place(String pool) {
        Outstanding place = pools.get(pool);
        if (place == null) {
            Outstanding made = new Outstanding();
            pools.put(pool, made);
            undo.add(() -> pools.remove(pool));
            return made;
        }
        return place;
    }

    /** Moves all rows by so many offsets; what is derived is not kept up to date. */
    void shift(long offsets) {
        Map<String, DeliveryRow> all = new HashMap<>();
        rows.forEachInOrder(all::put);
        all.forEach((key, row) -> {
            rows.remove(key);
            rows.put(TopicKeys.item(TopicKeys.ownerOf(key), TopicKeys.offsetOf(key) + offsets), row);
        });
    }

    /** Derives what is outstanding, and tells the pools who has it; they have their members by now. */
    void rebuild(Pools members) {
        rows.forEachInOrder((key, row) -> {
            String pool = TopicKeys.ownerOf(key);
            place(pool).set(TopicKeys.offsetOf(key), item(row));
            if (row.hasLease()) {
                members.restore(pool, row.getLease(), key);
            }
        });
    }
}
