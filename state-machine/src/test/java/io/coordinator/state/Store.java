package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.SnapshotHeader;
import java.util.HashMap;
import java.util.Map;

/** The snapshots of one replica, in memory: incremental captures go in, whole states come out. */
final class Store {
    private final Map<ByteString, byte[]> rows = new HashMap<>();
    private SnapshotHeader header = SnapshotHeader.getDefaultInstance();

    /** Writes what has changed since the replica's last capture. */
    Store save(Coordinator core) {
        StateCapture capture = core.capture();
        header = capture.header();
        capture.forEach(new StateCapture.RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                rows.put(ByteString.copyFrom(key), value);
            }

            @Override
            public void delete(byte[] key) {
                rows.remove(ByteString.copyFrom(key));
            }
        });
        return this;
    }

    Coordinator load() {
        try {
            return tryLoad();
        } catch (CorruptStateException e) {
            throw new AssertionError(e);
        }
    }

    Coordinator tryLoad() throws CorruptStateException {
        return Coordinator.restore(
                Limits.DEFAULT,
                header,
                visitor -> rows.forEach((key, value) -> visitor.accept(new Coordinator.Row(key.toByteArray(), value))));
    }

    Map<ByteString, byte[]> rows() {
        return rows;
    }

    SnapshotHeader header() {
        return header;
    }

    void header(SnapshotHeader changed) {
        header = changed;
    }
}
