package io.coordinator.server.raft;

import io.coordinator.server.disk.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Forces the names of the log's files to the disk. Ratis forces the bytes of a segment and of a vote, but never the
 * directory that they are in, so that after a loss of power a whole segment may have no name, and a vote its old content
 * (POSIX leaves names to an {@code fsync} of their directory). Thread-safe.
 */
final class LogNames {
    private final Path current;
    /** From the directory of the node to that above the log's. */
    private final List<Path> above;

    private @Nullable Listing forced;

    /**
     * @param data the node's directory
     * @param current where the log's files are; below {@code data}
     */
    LogNames(Path data, Path current) {
        this.current = current;
        this.above = new ArrayList<>();
        Path directory = data;
        for (Path name : data.relativize(current)) {
            above.add(directory);
            directory = directory.resolve(name);
        }
    }

    /** The time tells of a file that was replaced by one of the same name. */
    private record Listing(Set<String> names, FileTime changed) {}

    /**
     * Forces the names if they are others than those that were forced last.
     *
     * @throws UncheckedIOException if that fails; what the files hold must not be relied on then
     */
    synchronized void forceIfChanged() {
        try {
            Listing now = listing();
            if (!now.equals(forced)) {
                forceAll(now);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Forces the names, changed or not.
     *
     * @throws UncheckedIOException as above
     */
    synchronized void force() {
        try {
            forceAll(listing());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void forceAll(Listing now) throws IOException {
        Directories.forceEntries(current);
        if (forced == null) {
            for (Path directory : above) {
                Directories.forceEntries(directory);
            }
        }
        forced = now;
    }

    private Listing listing() throws IOException {
        FileTime changed = Files.getLastModifiedTime(current);
        try (Stream<Path> files = Files.list(current)) {
            return new Listing(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()), changed);
        }
    }

    private UncheckedIOException failed(IOException cause) {
        return new UncheckedIOException("cannot force the names of the log's files in " + current, cause);
    }
}
