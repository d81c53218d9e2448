package io.coordinator.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a running log has vanished: its group was removed, or its files were (C-12). Open files outlive their
 * deletion, so that Ratis itself goes on acknowledging what no restart would find.
 *
 * <p>Looks at cheap signs only. What Ratis replaces by a rename, its vote file and its segments, counts as gone when it
 * is missing twice in a row. Not thread-safe.
 */
final class LogPresence {
    private final Path current;
    private final Object identity;
    private final BooleanSupplier served;
    private final Supplier<OptionalLong> written;
    private boolean voteFileSeen;
    private String missingBefore = "";

    private LogPresence(Path current, Object identity, BooleanSupplier served, Supplier<OptionalLong> written) {
        this.current = current;
        this.identity = identity;
        this.served = served;
        this.written = written;
    }

    /**
     * Remembers which directory the log is in now.
     *
     * @param current the directory of segments
     * @param served whether the group is still there and alive
     * @param written the index of an entry that must be in a file; empty if there need be none
     * @throws IOException if the directory is not there
     */
    static LogPresence of(Path current, BooleanSupplier served, Supplier<OptionalLong> written) throws IOException {
        return new LogPresence(current, identity(current), served, written);
    }

    /** What is missing, for people; empty if all is there. */
    Optional<String> missing() {
        if (!served.getAsBoolean()) {
            return Optional.of("the group of this cluster was closed or removed");
        }
        try {
            if (!identity(current).equals(identity)) {
                return Optional.of(current + " was replaced by another directory");
            }
            return confirmed(missingFile());
        } catch (NoSuchFileException e) {
            return Optional.of(current + " was deleted");
        } catch (IOException e) {
            return Optional.of(current + " cannot be read: " + e);
        }
    }

    private String missingFile() throws IOException {
        boolean voteFile = Files.exists(current.resolve("raft-meta"));
        voteFileSeen |= voteFile;
        if (voteFileSeen && !voteFile) {
            return "what this node voted for was deleted: " + current.resolve("raft-meta");
        }
        OptionalLong index = written.get();
        if (index.isPresent() && !isInSegment(index.getAsLong())) {
            return "the segment that holds entry " + index.getAsLong() + " was deleted from " + current;
        }
        return "";
    }

    private boolean isInSegment(long index) throws IOException {
        List<LogSegmentFile> segments = LogSegmentFile.list(current);
        return segments.stream().anyMatch(segment -> segment.first() <= index && index <= segment.last());
    }

    private Optional<String> confirmed(String missing) {
        // Another entry may be the last one by now: only that the same kind of thing is missing counts.
        boolean before = !missingBefore.isEmpty();
        missingBefore = missing;
        return before && !missing.isEmpty() ? Optional.of(missing) : Optional.empty();
    }

    /** The directory's inode where there are such; else no more than that it is a directory. */
    private static Object identity(Path directory) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
        @Nullable Object key = attributes.fileKey();
        return Objects.requireNonNullElse(key, attributes.isDirectory());
    }
}
