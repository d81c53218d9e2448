package io.coordinator.server.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * What a published snapshot says of itself.
 *
 * @param term of the last entry in it
 * @param index of the last entry in it
 * @param format version of its layout; 0 if it cannot be read
 * @param rows in it; 0 if it cannot be read
 * @param problem why it cannot be read; empty if it can
 */
public record CheckpointInfo(long term, long index, int format, long rows, String problem) {

    /**
     * Describes the snapshots of a node that does not run, newest first. Reads their headers only: whether the rows are
     * whole is found out when a node starts from them.
     */
    public static List<CheckpointInfo> list(Path published) throws IOException {
        return Files.isDirectory(published)
                ? Checkpoint.list(published).stream().map(CheckpointInfo::of).toList()
                : List.of();
    }

    private static CheckpointInfo of(Checkpoint checkpoint) {
        try (LiveDatabase database = LiveDatabase.openReadOnly(checkpoint.directory())) {
            SnapshotHeader header = database.header();
            return new CheckpointInfo(checkpoint.term(), checkpoint.index(), header.getFormat(), header.getRows(), "");
        } catch (RocksDBException | InvalidProtocolBufferException e) {
            return new CheckpointInfo(checkpoint.term(), checkpoint.index(), 0, 0, String.valueOf(e.getMessage()));
        }
    }
}
