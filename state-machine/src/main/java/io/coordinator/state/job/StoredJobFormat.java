package io.coordinator.state.job;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowFormat;
import io.coordinator.state.kernel.StoredKey;
import io.coordinator.state.kernel.Usage;
import java.nio.charset.StandardCharsets;

/** Jobs as rows: what is stored is what is kept. */
final class StoredJobFormat implements RowFormat<StoredJob> {
    /** Beside the bytes: the object, the header of the array and the places in orders. */
    private static final long JOB_HEAP = 84;
    /** The line of one key with one job in it. */
    private static final long LINE_HEAP = 340;
    /** The place among the unfinished ones of its schedule. */
    private static final long SCHEDULE_HEAP = 120;
    /** A deadline and its place in the order of all. */
    private static final long DEADLINE_HEAP = 72;

    @Override
    public byte[] toBytes(StoredJob row) {
        return row.bytes();
    }

    @Override
    public StoredJob parse(byte[] stored) throws InvalidProtocolBufferException {
        return StoredJob.parse(stored);
    }

    @Override
    public long size(StoredJob row) {
        return row.bytes().length;
    }

    @Override
    public long heap(String key, StoredJob row) {
        String line = row.line();
        String schedule = row.schedule();
        return JOB_HEAP
                + row.bytes().length
                + (line == null ? 0 : LINE_HEAP + Usage.text(line))
                + (schedule == null ? 0 : SCHEDULE_HEAP + Usage.text(schedule))
                + (row.dueMillis() == 0 ? 0 : DEADLINE_HEAP);
    }

    @Override
    public long hash(Fingerprint fingerprint, int kind, int table, String key, StoredJob row) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        return fingerprint.ofRow(kind, table, utf8, 0, row.bytes());
    }

    @Override
    public long hashOfStored(Fingerprint fingerprint, byte[] storedKey, byte[] stored, StoredJob row) {
        return fingerprint.ofRow(
                StoredKey.kind(storedKey), StoredKey.table(storedKey), storedKey, StoredKey.PREFIX, stored);
    }
}
