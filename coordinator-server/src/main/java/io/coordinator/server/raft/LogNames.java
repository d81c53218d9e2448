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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Forces the names of the log's files to the disk. Ratis forces the bytes of a segment and of a vote, but never the
 * directory that they are in, so that after a loss of power a whole segment may have no name, and a vote its old
 * content (POSIX leaves names to an {@code fsync} of their directory). Thread-safe.
 */
final class LogNames {
    /** Longer than a tick of the clock that file systems take their times from. */
    private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Forcing forcing;
    private final Path current;
    /** From the directory of the node to that above the log's. */
    private final List<Path> above;

    private @Nullable Listing forced;
    private long changeSeenNanos;

    /**
     * @param data the node's directory
     * @param current where the log's files are; below {@code data}
     */
    LogNames(Path data, Path current) {
        this(data, current, Directories::forceEntries);
    }

    LogNames(Path data, Path current, Forcing forcing) {
        this.forcing = forcing;
        this.current = current;
        this.above = new ArrayList<>();
        Path directory = data;
        for (Path name : data.relativize(current)) {
            above.add(directory);
            directory = directory.resolve(name);
        }
    }

    /** Forces the names in a directory. */
    interface Forcing {
        void force(Path directory) throws IOException;
    }

    /** The time tells of a file that was replaced by one of the same name; it alone is cheap to ask for. */
    private record Listing(Set<String> names, FileTime changed) {}

    /**
     * Forces the names if they are others than those that were forced last.
     *
     * @throws UncheckedIOException if that fails; what the files hold must not be relied on then
     */
    synchronized void forceIfChanged() {
        try {
            if (forced == null || isRecent() || !forced.changed.equals(Files.getLastModifiedTime(current))) {
                forceIfOthers(listing());
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether a second change may bear the time of the one that was seen. */
    private boolean isRecent() {
        return System.nanoTime() - changeSeenNanos < CLOCK_NANOS;
    }

    private void forceIfOthers(Listing now) throws IOException {
        if (!now.equals(forced)) {
            forceAll(now);
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
        forcing.force(current);
        if (forced == null) {
            for (Path directory : above) {
                forcing.force(directory);
            }
        }
        forced = now;
        changeSeenNanos = System.nanoTime();
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
