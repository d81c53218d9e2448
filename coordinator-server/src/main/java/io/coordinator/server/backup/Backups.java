package io.coordinator.server.backup;

import io.coordinator.protocol.BackupFile;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.CheckpointReader;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.server.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backups of a running node. Thread-safe. */
public final class Backups {
    /** So many are read at once: each keeps a checkpoint on the disk, and reads all of it. */
    public static final int MAX = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final String DIRECTORY = "backups.tmp";

    private final Path directory;
    private final BackupHeader whose;
    private final Snapshotter snapshotter;
    private final LongSupplier date;
    private final Supplier<String> clusterId;
    private final Semaphore places = new Semaphore(MAX);
    private final AtomicLong numbers = new AtomicLong();

    /**
     * Forgets what an earlier process has left.
     *
     * @param data the node's directory, on the file system of its checkpoints
     * @param whose names the cluster, the node and the version
     * @param date milliseconds since 1970
     * @param clusterId empty in clusters that have none yet
     * @throws IOException if the leftovers cannot be deleted
     */
    Backups(Path data, BackupHeader whose, Snapshotter snapshotter, LongSupplier date, Supplier<String> clusterId)
            throws IOException {
        this.directory = data.resolve(DIRECTORY);
        this.whose = whose;
        this.snapshotter = snapshotter;
        this.date = date;
        this.clusterId = clusterId;
        Directories.delete(directory);
    }

    /** Those of a node as it is configured. */
    public static Backups of(
            ServerConfig config, String version, Snapshotter snapshotter, LongSupplier date, Supplier<String> clusterId)
            throws IOException {
        BackupHeader whose = BackupHeader.newBuilder()
                .setCluster(config.cluster())
                .setNode(config.node())
                .setVersion(version)
                .setGroup(LogDirectories.groupOf(config.get(Keys.DATA_DIR), config.cluster())
                        .toString())
                .build();
        return new Backups(config.get(Keys.DATA_DIR), whose, snapshotter, date, clusterId);
    }

    /**
     * Begins a backup that holds that entry and all before it; waits for the entry, and takes a checkpoint unless there
     * is one. It is the caller's to close.
     *
     * @param patience for the entry to be applied here and the checkpoint to be written
     * @return fails with a {@link BackupException}
     */
    public CompletableFuture<Backup> open(long indexMin, Duration patience) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new BackupException(
                    ErrorCode.EBUSY,
                    "this node is read by " + MAX + " backups, as many as it takes at once; try again when one has"
                            + " ended, or ask another node"));
        }
        CompletableFuture<Backup> opened = new CompletableFuture<>();
        var unused = snapshotter
                .holding(indexMin)
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((checkpoint, failure) -> begin(opened, checkpoint, failure, indexMin));
        return opened;
    }

    private void begin(CompletableFuture<Backup> opened, Checkpoint checkpoint, Throwable failure, long indexMin) {
        try {
            if (failure != null) {
                throw told(failure, indexMin);
            }
            Backup backup = copy(checkpoint);
            if (!opened.complete(backup)) {
                backup.close();
            }
        } catch (BackupException e) {
            places.release();
            opened.completeExceptionally(e);
        } catch (IOException | SnapshotException e) {
            places.release();
            opened.completeExceptionally(
                    new BackupException(ErrorCode.EBROKER, "the checkpoint cannot be read: " + e.getMessage(), e));
        }
    }

    private static BackupException told(Throwable failure, long indexMin) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String why = cause instanceof TimeoutException
                ? "this node has no checkpoint of entry " + indexMin
                        + " yet, since it is behind or its disk is slow; try again, or ask another node"
                : "no checkpoint could be written: " + cause.getMessage();
        return new BackupException(ErrorCode.EBROKER, why, cause);
    }

    /** Links cost nothing, and keep the files though the checkpoint itself is deleted or replaced meanwhile. */
    private Backup copy(Checkpoint checkpoint) throws IOException, SnapshotException {
        Path clone = directory.resolve(Long.toString(numbers.incrementAndGet()));
        try {
            Directories.cloneInto(checkpoint.files(), clone);
            SnapshotHeader snapshot = CheckpointReader.header(clone);
            List<Path> files = new Checkpoint(checkpoint.term(), checkpoint.index(), clone).files();
            BackupHeader.Builder header = whose.toBuilder()
                    .setFormat(BackupFormat.VERSION)
                    .setSnapshot(snapshot)
                    .setClusterId(clusterId.get())
                    .setCreatedMillis(date.getAsLong());
            for (Path file : files) {
                header.addFiles(BackupFile.newBuilder()
                        .setName(file.getFileName().toString())
                        .setBytes(Files.size(file)));
            }
            return new Backup(header.build(), files, () -> closed(clone));
        } catch (IOException | SnapshotException e) {
            Directories.delete(clone);
            throw e;
        }
    }

    private void closed(Path clone) {
        try {
            Directories.delete(clone);
        } catch (IOException e) {
            LOG.warn("cannot delete {}; it takes room until this node starts again: {}", clone, e.toString());
        } finally {
            places.release();
        }
    }
}
