package io.coordinator.server.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.Coordinator;
import io.coordinator.state.CorruptStateException;
import io.coordinator.state.Limits;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;

/** Reads the files of a checkpoint wherever they lie; writes nothing. */
public final class CheckpointReader {
    private CheckpointReader() {}

    /**
     * What it says of itself.
     *
     * @throws SnapshotException if it is damaged
     */
    public static SnapshotHeader header(Path directory) throws SnapshotException {
        try (LiveDatabase database = LiveDatabase.openReadOnly(directory)) {
            return database.header();
        } catch (RocksDBException | InvalidProtocolBufferException e) {
            throw damaged(directory, e);
        }
    }

    /**
     * Loads all of its state, and compares it with its digest.
     *
     * @throws SnapshotException if it is damaged, or of a version that is not known here
     */
    public static Coordinator load(Path directory, Limits limits) throws SnapshotException {
        try (LiveDatabase database = LiveDatabase.openReadOnly(directory)) {
            SnapshotHeader header = database.header();
            SnapshotStore.requireFormat(header);
            return Coordinator.restore(limits, header, database.rows());
        } catch (RocksDBException | InvalidProtocolBufferException | CorruptStateException | IllegalStateException e) {
            throw damaged(directory, e);
        }
    }

    private static SnapshotException damaged(Path directory, Exception e) {
        return new SnapshotException("the checkpoint in " + directory + " cannot be read: " + e.getMessage(), e);
    }
}
