package io.coordinator.server.snapshot;

import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.StateCapture;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Turns a capture into write batches of a few megabytes. */
final class CaptureEncoder {
    /** Sorts before every row; rows begin with the number of their kind, which is never 0. */
    static final byte[] HEADER_KEY = {0};

    private static final long BATCH_BYTES = 4 << 20;

    private CaptureEncoder() {}

    static List<byte[]> encode(StateCapture capture, SnapshotHeader header) throws RocksDBException {
        List<byte[]> batches = new ArrayList<>();
        try (WriteBatch batch = new WriteBatch()) {
            capture.forEach(new StateCapture.RowVisitor() {
                @Override
                public void put(byte[] key, byte[] value) {
                    write(() -> batch.put(key, value));
                }

                @Override
                public void delete(byte[] key) {
                    write(() -> batch.delete(key));
                }

                private void write(Write write) {
                    try {
                        write.run();
                        if (batch.getDataSize() >= BATCH_BYTES) {
                            batches.add(batch.data());
                            batch.clear();
                        }
                    } catch (RocksDBException e) {
                        throw new IllegalStateException("cannot encode a row", e);
                    }
                }
            });
            batch.put(HEADER_KEY, header.toByteArray());
            batches.add(batch.data());
        }
        return batches;
    }

    private interface Write {
        void run() throws RocksDBException;
    }
}
