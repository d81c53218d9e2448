package io.coordinator.state.cache;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.state.kernel.RowFormat;

/** Entries as rows; what a deadline takes is told besides the message. */
final class EntryFormat {
    /** An entry without its value. Measured with 100,000 rows; see docs/limits.md. */
    private static final long ENTRY_HEAP = 64;
    /** A deadline and its place in the order of all. Measured likewise. */
    private static final long DEADLINE_HEAP = 72;

    static final RowFormat<CacheEntry> INSTANCE = RowFormat.ofMessages(CacheEntry.parser(), (key, row) -> heap(row));

    private EntryFormat() {}

    private static long heap(CacheEntry row) {
        return ENTRY_HEAP + row.getValue().size() + (row.getExpiresAtMillis() == 0 ? 0 : DEADLINE_HEAP);
    }
}
