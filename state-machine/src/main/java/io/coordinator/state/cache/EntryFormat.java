package io.coordinator.state.cache;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowFormat;

/** Entries as rows; what a deadline takes is told besides the message. */
final class EntryFormat implements RowFormat<CacheEntry> {
    static final RowFormat<CacheEntry> INSTANCE = new EntryFormat();

    /** An entry without its value. Measured with 100,000 rows; see docs/limits.md. */
    private static final long ENTRY_HEAP = 64;
    /** A deadline and its place in the order of all. Measured likewise. */
    private static final long DEADLINE_HEAP = 72;

    private static final RowFormat<CacheEntry> MESSAGES = RowFormat.ofMessages(CacheEntry.parser());

    private EntryFormat() {}

    @Override
    public byte[] toBytes(CacheEntry row) {
        return MESSAGES.toBytes(row);
    }

    @Override
    public CacheEntry parse(byte[] stored) throws InvalidProtocolBufferException {
        return MESSAGES.parse(stored);
    }

    @Override
    public long size(CacheEntry row) {
        return MESSAGES.size(row);
    }

    @Override
    public long heap(String key, CacheEntry row) {
        return ENTRY_HEAP + row.getValue().size() + (row.getExpiresAtMillis() == 0 ? 0 : DEADLINE_HEAP);
    }

    @Override
    public long hash(Fingerprint fingerprint, int kind, int table, String key, CacheEntry row) {
        return MESSAGES.hash(fingerprint, kind, table, key, row);
    }

    @Override
    public long hashOfStored(Fingerprint fingerprint, byte[] storedKey, byte[] stored, CacheEntry row) {
        return MESSAGES.hashOfStored(fingerprint, storedKey, stored, row);
    }
}
