package io.coordinator.server.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.server.config.Release;
import io.coordinator.server.disk.Directories;
import io.coordinator.state.Coordinator;
import io.coordinator.state.CorruptStateException;
import io.coordinator.state.Limits;
import io.coordinator.state.StateCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of this node. Captured changes go into a scratch database; from it a checkpoint is cut, and published
 * by one rename. The newest two checkpoints are kept, so that one damaged file does not cost the node its state.
 *
 * <p>Not thread-safe, except {@link #latest}, {@link #newestOnDisk} and {@link #purgeableIndex}.
 */
public final class SnapshotStore implements AutoCloseable {
    /** Version of the layout of a checkpoint. */
    public static final int FORMAT = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    private final Path live;
    private final Path temporary;
    private final Path published;
    private final Path quarantine;
    private final Limits limits;
    private final SnapshotVersions versions;
    private final List<byte[]> unpublished = new ArrayList<>();
    private final Retention retention;
    private final DirectoryAction force;
    private @Nullable LiveDatabase database;
    private volatile List<Checkpoint> checkpoints = List.of();

    /**
     * A store that has read nothing yet; see {@link #recover}.
     *
     * @param data the node's directory, for scratch files
     * @param published where checkpoints live; same file system as {@code data}
     */
    public SnapshotStore(Path data, Path published, Limits limits) {
        this(data, published, limits, new Retention(System::nanoTime, Directories::delete), Directories::force);
    }

    SnapshotStore(Path data, Path published, Limits limits, Retention retention, DirectoryAction force) {
        this.retention = retention;
        this.force = force;
        this.live = data.resolve("db");
        this.temporary = data.resolve("checkpoint.tmp");
        this.quarantine = data.resolve("damaged");
        this.published = published;
        this.limits = limits;
        this.versions = new SnapshotVersions(limits.versionMax());
    }

    /** A state and the checkpoint it came from; empty for a node that has none yet. */
    public record Recovered(Coordinator core, Optional<Checkpoint> from) {}

    /**
     * Loads the newest checkpoint that is whole; one that is not is moved aside. If any is of a newer version than this
     * node knows, all are left as they are, and nothing else is touched.
     *
     * @throws SnapshotException if there are checkpoints but none can be used; with a {@link NewerVersionException} as
     *     its cause if there is one of a newer version
     */
    public Recovered recover() throws SnapshotException {
        try {
            versions.requireKnown(published);
            closeDatabase();
            unpublished.clear();
            retention.reset();
            Directories.delete(temporary);
            Files.createDirectories(published);
            List<Checkpoint> candidates = list();
            for (Checkpoint candidate : candidates) {
                Optional<Coordinator> core = load(candidate);
                if (core.isPresent()) {
                    forceInstalled(candidate);
                    checkpoints = Retention.retained(list());
                    prune();
                    return new Recovered(core.get(), Optional.of(candidate));
                }
            }
            if (!candidates.isEmpty()) {
                throw new SnapshotException(
                        "none of the snapshots " + candidates + " can be used; they were moved to " + quarantine
                                + ". Restore them, or let this node rejoin: stop it, delete its data directory, start"
                                + " it again, and it receives the state from the leader",
                        new IOException("no usable snapshot"));
            }
            checkpoints = List.of();
            reset(Optional.empty());
            return new Recovered(new Coordinator(limits), Optional.empty());
        } catch (IOException | RocksDBException e) {
            throw new SnapshotException("cannot read the snapshots in " + published + ": " + e.getMessage(), e);
        }
    }

    /** What the leader sent was renamed into its place without a sync, and the log before it is gone. */
    private void forceInstalled(Checkpoint checkpoint) throws IOException {
        force.on(checkpoint.directory());
        Directories.forceEntries(published);
        Directories.forceEntries(published.resolveSibling("."));
    }

    /**
     * Writes what changed, reads it back and publishes a new checkpoint. After a failure nothing is lost: the changes
     * are kept, and go into the next attempt. Once it is published it counts, whatever becomes of older ones.
     *
     * @param term of the last captured entry
     */
    public Checkpoint write(long term, StateCapture capture) throws SnapshotException {
        SnapshotHeader header = capture.header().toBuilder()
                .setFormat(FORMAT)
                .setTerm(term)
                .setRelease(Release.VERSION)
                .build();
        try {
            List<byte[]> batches = CaptureEncoder.encode(capture, header);
            unpublished.addAll(batches);
            writeUnpublished(batches);
            Checkpoint checkpoint = publish(header);
            unpublished.clear();
            checkpoints = Retention.retained(Stream.concat(
                            Stream.of(checkpoint),
                            checkpoints.stream().filter(older -> older.index() < checkpoint.index()))
                    .toList());
            prune();
            return checkpoint;
        } catch (IOException | RocksDBException e) {
            closeDatabase();
            throw new SnapshotException("cannot write a snapshot to " + published + ": " + e.getMessage(), e);
        }
    }

    /** The newest published checkpoint. */
    public Optional<Checkpoint> latest() {
        List<Checkpoint> current = checkpoints;
        return current.isEmpty() ? Optional.empty() : Optional.of(current.get(0));
    }

    /** The newest checkpoint that is there, loaded or not. */
    public Optional<Checkpoint> newestOnDisk() throws IOException {
        return list().stream().findFirst();
    }

    /**
     * The log is needed only beyond this index: that of the oldest checkpoint, so that falling back to it is possible.
     */
    public OptionalLong purgeableIndex() {
        List<Checkpoint> current = checkpoints;
        return current.size() < Retention.RETAINED
                ? OptionalLong.empty()
                : OptionalLong.of(current.get(current.size() - 1).index());
    }

    @Override
    public void close() {
        closeDatabase();
    }

    private void writeUnpublished(List<byte[]> fresh) throws IOException, RocksDBException {
        LiveDatabase target = database;
        List<byte[]> missing = fresh;
        if (target == null) {
            LOG.warn("writing the snapshot again from {}", latest().map(Checkpoint::directory));
            target = reset(latest());
            missing = unpublished;
        }
        for (byte[] batch : missing) {
            target.write(batch);
        }
    }

    private Checkpoint publish(SnapshotHeader header) throws IOException, RocksDBException {
        Directories.delete(temporary);
        openDatabase().checkpoint(temporary);
        force.on(temporary);
        readBack(header);
        Path target = published.resolve(Checkpoint.directoryName(header.getTerm(), header.getIndex()));
        Directories.delete(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        Directories.forceEntries(published);
        return new Checkpoint(header.getTerm(), header.getIndex(), target.toAbsolutePath());
    }

    /** The log behind a checkpoint is purged, so its files must be there and whole: every block of them is read. */
    private void readBack(SnapshotHeader written) throws IOException, RocksDBException {
        try (LiveDatabase copy = LiveDatabase.openReadOnly(temporary)) {
            long rows = copy.countRows();
            if (!copy.header().equals(written) || rows != written.getRows()) {
                throw new IOException(
                        "it reads back with " + rows + " rows instead of " + written.getRows() + ", or another header");
            }
        }
    }

    private Optional<Coordinator> load(Checkpoint candidate) throws IOException {
        try {
            LiveDatabase source = reset(Optional.of(candidate));
            SnapshotHeader header = source.header();
            requireMatch(candidate, header);
            return Optional.of(Coordinator.restore(limits, header, source.rows()));
        } catch (RocksDBException | CorruptStateException | InvalidProtocolBufferException | RuntimeException e) {
            LOG.error("snapshot {} is damaged and moved to {}", candidate.directory(), quarantine, e);
            closeDatabase();
            setAside(candidate);
            return Optional.empty();
        }
    }

    private static void requireMatch(Checkpoint candidate, SnapshotHeader header) throws CorruptStateException {
        if (header.getFormat() != FORMAT) {
            throw new CorruptStateException("format " + header.getFormat() + ", this version knows " + FORMAT);
        }
        if (header.getTerm() != candidate.term() || header.getIndex() != candidate.index()) {
            throw new CorruptStateException(
                    "holds " + header.getTerm() + "_" + header.getIndex() + ", not what its directory says");
        }
    }

    private void setAside(Checkpoint damaged) throws IOException {
        Files.createDirectories(quarantine);
        Path target = quarantine.resolve(damaged.directory().getFileName().toString());
        Directories.delete(target);
        Files.move(damaged.directory(), target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes the scratch database anew from a checkpoint, or empty. */
    private LiveDatabase reset(Optional<Checkpoint> from) throws IOException, RocksDBException {
        closeDatabase();
        Directories.delete(live);
        Files.createDirectories(live);
        if (from.isPresent()) {
            Directories.cloneInto(from.get().files(), live);
        }
        LiveDatabase fresh = LiveDatabase.open(live);
        database = fresh;
        return fresh;
    }

    private LiveDatabase openDatabase() {
        LiveDatabase current = database;
        if (current == null) {
            throw new IllegalStateException("no database is open");
        }
        return current;
    }

    private void closeDatabase() {
        LiveDatabase current = database;
        if (current != null) {
            current.close();
            database = null;
        }
    }

    /** Newest first. */
    private List<Checkpoint> list() throws IOException {
        return Checkpoint.list(published);
    }

    /** What goes wrong here concerns old checkpoints only. */
    private void prune() {
        try {
            retention.prune(list());
        } catch (IOException e) {
            LOG.warn("cannot look for old snapshots: {}", e.toString());
        }
    }
}
