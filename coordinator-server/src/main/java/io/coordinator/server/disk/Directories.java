package io.coordinator.server.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the JDK lacks for directories. */
public final class Directories {
    private Directories() {}

    /** Deletes a directory with all that is in it; does nothing if there is none. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(Directories::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forces the files of a directory, and its own entries, to the disk. */
    public static void force(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                forceOne(file, StandardOpenOption.WRITE);
            }
        }
        forceEntries(directory);
    }

    /** Forces a directory's own entries (creations, renames) to the disk. */
    public static void forceEntries(Path directory) throws IOException {
        forceOne(directory, StandardOpenOption.READ);
    }

    /** Makes a directory with all above it, so that a loss of power leaves none without a name. */
    public static void create(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || Files.isDirectory(absolute)) {
            return;
        }
        create(parent);
        Files.createDirectories(absolute);
        forceEntries(parent);
    }

    static void forceOne(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    /** Copies files into a new directory; those that RocksDB never changes are hard links, which cost nothing. */
    public static void cloneInto(List<Path> files, Path target) throws IOException {
        Files.createDirectories(target);
        for (Path file : files) {
            Path copy = target.resolve(file.getFileName().toString());
            if (file.getFileName().toString().endsWith(".sst")) {
                Files.createLink(copy, file);
            } else {
                Files.copy(file, copy);
            }
        }
    }
}
