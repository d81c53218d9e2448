package io.coordinator.server.data;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.disk.DurableFile;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.SkippedEntries;
import io.coordinator.server.raft.SkippedEntry;
import io.coordinator.server.raft.StoredEntry;
import io.coordinator.server.raft.StoredLog;
import io.coordinator.server.snapshot.CheckpointInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The data directory of a node that does not run, locked like a node's: to look at the log, and to mark an entry that
 * no replica can apply. Nothing else is ever written.
 */
public final class OfflineData implements AutoCloseable {
    private final Path data;
    private final Identity identity;
    private final DirectoryLock lock;

    private OfflineData(Path data, Identity identity, DirectoryLock lock) {
        this.data = data;
        this.identity = identity;
        this.lock = lock;
    }

    /**
     * Locks a data directory.
     *
     * @throws OfflineException EMISMATCH if it is none, EPERSISTLOCKED if a node or another tool uses it
     */
    public static OfflineData open(Path data) throws OfflineException {
        try {
            Optional<Identity> identity = Files.isDirectory(data) ? Identity.read(data) : Optional.empty();
            if (identity.isEmpty()) {
                throw new OfflineException(
                        ErrorCode.EMISMATCH, data + " is not the data directory of a node; see its key `data-dir`");
            }
            DirectoryLock lock = DirectoryLock.tryLock(data)
                    .orElseThrow(() -> new OfflineException(
                            ErrorCode.EPERSISTLOCKED, data + " is in use by a live node; stop the node first"));
            return new OfflineData(data, identity.get(), lock);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** What is in the directory. */
    public DataInfo info() throws OfflineException {
        try {
            StoredLog log = log();
            return new DataInfo(
                    identity,
                    snapshots(),
                    log.firstIndex(),
                    log.lastIndex(),
                    SkippedEntries.load(data).all());
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /**
     * Visits the entries from an index to another, both included, in the order of the log.
     *
     * @throws OfflineException EBROKER if the log is damaged; what comes before has been visited
     */
    public void forEachEntry(long from, long to, Consumer<StoredEntry> visitor) throws OfflineException {
        try {
            log().forEach(from, to, visitor);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /**
     * The entry at an index.
     *
     * @throws OfflineException EKEYNOTFOUND if the log has none there
     */
    public StoredEntry entry(long index) throws OfflineException {
        return find(index).orElseThrow(() -> missing(index));
    }

    /**
     * Marks an entry as not to be applied. Marking it again changes nothing.
     *
     * @return the mark as it is written down
     * @throws OfflineException EKEYNOTFOUND if there is no such entry and the request does not say exactly which one is
     *     meant, EMISMATCH if there is another one, EINVAL if it cannot be skipped any more or is nothing to skip
     */
    public SkippedEntry skip(SkipRequest request) throws OfflineException {
        requireNotInSnapshot(request.index());
        SkippedEntry mark = mark(request);
        try {
            SkippedEntries before = SkippedEntries.load(data);
            Optional<SkippedEntry> same =
                    before.all().stream().filter(mark::isSameEntry).findFirst();
            if (same.isPresent()) {
                return same.get();
            }
            DurableFile.write(SkippedEntries.file(data), before.with(mark).lines());
            return mark;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private SkippedEntry mark(SkipRequest request) throws OfflineException {
        Optional<StoredEntry> stored = find(request.index());
        if (stored.isPresent()) {
            requireMeant(stored.get(), request);
        } else if (request.term().isEmpty() || request.sha256().isEmpty()) {
            throw missing(request.index());
        }
        return new SkippedEntry(
                request.index(),
                stored.map(StoredEntry::term).or(request::term).orElseThrow(),
                stored.map(StoredEntry::sha256).or(request::sha256).orElseThrow(),
                request.at(),
                request.operator(),
                request.reason());
    }

    private static void requireMeant(StoredEntry entry, SkipRequest request) throws OfflineException {
        if (entry.kind() != StoredEntry.Kind.COMMANDS) {
            throw new OfflineException(
                    ErrorCode.EINVAL,
                    "entry " + entry.index() + " holds no commands but a " + entry.kind()
                            + ", which only Raft reads; it cannot be what a replica fails at");
        }
        boolean other = request.term().filter(term -> term != entry.term()).isPresent()
                || request.sha256().filter(hash -> !hash.equals(entry.sha256())).isPresent();
        if (other) {
            throw new OfflineException(
                    ErrorCode.EMISMATCH,
                    "entry " + entry.index() + " is of term " + entry.term() + " with SHA-256 " + entry.sha256()
                            + ", not the one that is meant. Skip nothing; compare the logs of the members first");
        }
    }

    private void requireNotInSnapshot(long index) throws OfflineException {
        try {
            Optional<Long> newest =
                    snapshots().stream().map(CheckpointInfo::index).findFirst();
            if (newest.isPresent() && newest.get() >= index) {
                throw new OfflineException(
                        ErrorCode.EINVAL,
                        "entry " + index + " was applied: the snapshot at " + newest.get()
                                + " holds what it did. Skipping it would change nothing here");
            }
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private Optional<StoredEntry> find(long index) throws OfflineException {
        try {
            return log().entry(index);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private StoredLog log() throws IOException {
        return StoredLog.open(data, identity.cluster());
    }

    private List<CheckpointInfo> snapshots() throws IOException {
        return CheckpointInfo.list(LogDirectories.checkpoints(data, identity.cluster()));
    }

    private OfflineException missing(long index) {
        return new OfflineException(
                ErrorCode.EKEYNOTFOUND,
                "the log in " + data + " has no entry " + index
                        + "; `coordinator data info` shows the first and the last");
    }

    private static OfflineException damaged(IOException e) {
        return new OfflineException(ErrorCode.EBROKER, String.valueOf(e.getMessage()), e);
    }

    /** Gives the directory back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
