package io.coordinator.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;

/** The log of a node that does not run, read with Ratis' own reader. Changes nothing. */
public final class StoredLog {
    /** More than the largest entry that Ratis writes. */
    private static final SizeInBytes ENTRY_MAX = SizeInBytes.valueOf("64MB");

    private final List<LogSegmentFile> segments;

    private StoredLog(List<LogSegmentFile> segments) {
        this.segments = segments;
    }

    /**
     * Lists the files of the log of a cluster under a data directory.
     *
     * @throws IOException if there is no log
     */
    public static StoredLog open(Path data, String cluster) throws IOException {
        return new StoredLog(
                LogSegmentFile.list(LogDirectories.group(data, cluster).resolve("current")));
    }

    /**
     * Reads the entries from an index to another, both included, in the order of the log.
     *
     * @throws IOException if a file is damaged; what comes before the damage has been visited
     */
    public void forEach(long from, long to, Consumer<StoredEntry> visitor) throws IOException {
        for (LogSegmentFile segment : segments) {
            if (segment.last() >= from && segment.first() <= to) {
                read(segment, entry -> {
                    if (entry.getIndex() >= from && entry.getIndex() <= to) {
                        visitor.accept(StoredEntry.of(entry));
                    }
                });
            }
        }
    }

    /**
     * The entry at an index; empty if the log has none there.
     *
     * @throws IOException if the file is damaged before it
     */
    public Optional<StoredEntry> entry(long index) throws IOException {
        List<StoredEntry> found = new ArrayList<>();
        try {
            forEach(index, index, found::add);
        } catch (IOException e) {
            if (found.isEmpty()) {
                throw e;
            }
        }
        return found.stream().findFirst();
    }

    /** The index of the first entry; empty if the log is. */
    public Optional<Long> firstIndex() {
        return segments.stream().map(LogSegmentFile::first).findFirst();
    }

    /**
     * The index of the last entry; empty if the log is.
     *
     * @throws IOException if the last file is damaged
     */
    public Optional<Long> lastIndex() throws IOException {
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        LogSegmentFile newest = segments.get(segments.size() - 1);
        if (!newest.isOpen()) {
            return Optional.of(newest.last());
        }
        AtomicLong last = new AtomicLong(newest.first() - 1);
        read(newest, entry -> last.set(entry.getIndex()));
        return Optional.of(last.get()).filter(index -> index >= segments.get(0).first());
    }

    /** Reads a file. */
    static void verify(LogSegmentFile segment) throws IOException {
        read(segment, entry -> {});
    }

    private static void read(LogSegmentFile segment, Consumer<LogEntryProto> visitor) throws IOException {
        if (Files.size(segment.path()) == 0) {
            // Ratis would delete it, and so it does when the node starts.
            return;
        }
        try {
            LogSegmentPath path = LogSegmentPath.matchLogSegment(segment.path());
            int entries = LogSegment.readSegmentFile(
                    segment.path().toFile(), path.getStartEnd(), ENTRY_MAX, CorruptionPolicy.EXCEPTION, null, visitor);
            if (!segment.isOpen() && segment.first() + entries - 1 < segment.last()) {
                throw new IOException("it ends after " + entries + " entries");
            }
        } catch (IOException | IllegalStateException e) {
            throw new IOException(StartChecks.damage(segment.path(), String.valueOf(e.getMessage())), e);
        }
    }
}
