package io.coordinator.server.raft;

import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Shows our checkpoints to Ratis, which sends them to followers that fell behind. */
@NullMarked
final class CheckpointStorage implements StateMachineStorage {
    private volatile @Nullable SnapshotStore store;

    void use(SnapshotStore opened) {
        store = opened;
    }

    @Override
    public void init(RaftStorage raftStorage) {
        // The state machine opens the store, since only it knows where.
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        SnapshotStore current = store;
        if (current == null) {
            return null;
        }
        try {
            return latest(current);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the snapshots", e);
        }
    }

    private static @Nullable SnapshotInfo latest(SnapshotStore current) throws IOException {
        Optional<Checkpoint> loaded = current.latest();
        if (loaded.isEmpty()) {
            return null;
        }
        try {
            return describe(loaded.get());
        } catch (NoSuchFileException e) {
            // A snapshot that the leader sent has replaced the directory, and is loaded next.
            Optional<Checkpoint> installed = current.newestOnDisk();
            return installed.isEmpty() ? null : describe(installed.get());
        }
    }

    @Override
    public void format() {
        throw new UnsupportedOperationException("a data directory is never formatted in place");
    }

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy snapshotRetentionPolicy) {
        // The store keeps what it needs to fall back on.
    }

    private static SnapshotInfo describe(Checkpoint checkpoint) throws IOException {
        List<FileInfo> files =
                checkpoint.files().stream().map(CheckpointStorage::fileInfo).toList();
        return new FileListSnapshotInfo(files, checkpoint.term(), checkpoint.index());
    }

    /** Without a checksum: Ratis computes it while it sends the file. */
    private static FileInfo fileInfo(Path file) {
        return new FileInfo(file, null);
    }
}
