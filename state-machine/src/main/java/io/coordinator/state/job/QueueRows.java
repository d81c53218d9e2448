package io.coordinator.state.job;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.RowFormat;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The queues by name, and those that were deleted and still have jobs. */
final class QueueRows {
    static final int NUMBER = 0;

    private static final int ENDED = 1;
    /** Of the orders of its jobs, also of one that has none: measured, on 64 bits. */
    private static final long INDEX_HEAP = 1_200;

    private static final RowFormat<QueueRow> FORMAT = RowFormat.ofMessages(
            QueueRow.parser(), (key, row) -> INDEX_HEAP + RowFormat.MESSAGE_HEAP + row.getSerializedSize());

    private final Table<QueueRow> rows;
    /** By owner. */
    private final Table<QueueRow> ended;

    private final UndoLog undo;
    private final Map<String, QueuePlace> byOwner = new HashMap<>();

    QueueRows(Storage storage) {
        rows = storage.sortedTable(DataKind.JOB, NUMBER, FORMAT, QueueRow::getDueMillis);
        ended = storage.table(DataKind.JOB, ENDED, FORMAT, never -> 0);
        undo = storage.undo();
    }

    /** Null if there is no such queue. */
    @Nullable
    QueuePlace find(Name name) {
        QueueRow row = rows.get(name.key());
        return row == null ? null : new QueuePlace(name, row.getQueueId());
    }

    /** Also one that was deleted; null if nothing is left of it. */
    @Nullable
    QueuePlace ofOwner(String owner) {
        return byOwner.get(owner);
    }

    /** Whether it was not deleted. */
    boolean isThere(QueuePlace place) {
        QueueRow row = rows.get(place.name().key());
        return row != null && row.getQueueId() == place.id();
    }

    /** Of a queue that is there. */
    QueueRow get(QueuePlace place) {
        QueueRow row = rows.get(place.name().key());
        if (row == null || row.getQueueId() != place.id()) {
            throw new IllegalStateException(place + " is not there");
        }
        return row;
    }

    QueueSettings settings(QueuePlace place) {
        return get(place).getSettings();
    }

    QueuePlace make(Name name, QueueSettings settings, Effects effects) {
        QueuePlace place = new QueuePlace(name, effects.nextTicket());
        rows.put(
                name.key(),
                QueueRow.newBuilder()
                        .setQueueId(place.id())
                        .setSettings(settings)
                        .build());
        byOwner.put(place.owner(), place);
        undo.add(() -> byOwner.remove(place.owner()));
        return place;
    }

    void put(QueuePlace place, QueueRow row) {
        if (!row.equals(get(place))) {
            rows.put(place.name().key(), row);
        }
    }

    /** The name may be used again, while what belonged to the queue is still there. */
    void end(QueuePlace place) {
        QueueRow row = get(place);
        rows.remove(place.name().key());
        ended.put(
                place.owner(),
                QueueRow.newBuilder()
                        .setQueueId(row.getQueueId())
                        .setFormerName(place.name().name())
                        .setPurge(row.getPurge())
                        .build());
    }

    /** Nothing is left of a queue that was deleted. */
    void forget(QueuePlace place) {
        ended.remove(place.owner());
        byOwner.remove(place.owner());
        undo.add(() -> byOwner.put(place.owner(), place));
    }

    int size() {
        return rows.size();
    }

    NameScan scan(String namespace, String prefix) {
        return new NameScan(rows::ceilingKey, rows::higherKey, namespace, prefix);
    }

    /** Derives where queues are; those that were deleted as well. */
    void rebuild() {
        rows.forEachInOrder((key, row) -> derive(new QueuePlace(Name.ofKey(key), row.getQueueId())));
        ended.forEachInOrder((owner, row) ->
                derive(new QueuePlace(Name.of(Name.ofKey(owner).namespace(), row.getFormerName()), row.getQueueId())));
    }

    private void derive(QueuePlace place) {
        byOwner.put(place.owner(), place);
    }

    /** Of a queue, also of one that was deleted. */
    QueueRow row(QueuePlace place) {
        QueueRow row = ended.get(place.owner());
        return row == null ? get(place) : row;
    }

    /** Also those that were deleted; in no order. */
    void forEach(Consumer<QueuePlace> visitor) {
        byOwner.values().forEach(visitor);
    }
}
