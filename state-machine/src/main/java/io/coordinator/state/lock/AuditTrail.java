package io.coordinator.state.lock;

import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The latest forced releases, keyed by the revision of their first change. */
final class AuditTrail {
    private static final int NUMBER = 3;
    private static final int KEPT = 1_000;
    private static final HexFormat HEX = HexFormat.of();

    private final Table<AuditRecord> rows;
    private final UndoLog undo;
    /** In the order of revisions, which have a fixed width. */
    private final TreeSet<String> keys = new TreeSet<>();

    AuditTrail(Storage storage) {
        rows = storage.table(DataKind.LOCK, NUMBER, AuditRecord.parser(), record -> 0);
        undo = storage.undo();
    }

    void add(AuditRecord record) {
        String key = HEX.toHexDigits(record.getRevision());
        rows.put(key, record);
        keys.add(key);
        undo.add(() -> keys.remove(key));
        if (keys.size() > KEPT) {
            String oldest = keys.first();
            rows.remove(oldest);
            keys.remove(oldest);
            undo.add(() -> keys.add(oldest));
        }
    }

    /** The newest first, until the page is full. */
    void fill(Page page, Consumer<AuditRecord> to) {
        for (String key : keys.descendingSet()) {
            AuditRecord record = rows.get(key);
            if (record == null || !page.takes(record.getSerializedSize())) {
                return;
            }
            to.accept(record);
        }
    }

    void rebuild() {
        rows.forEachInOrder((key, record) -> keys.add(key));
    }
}
