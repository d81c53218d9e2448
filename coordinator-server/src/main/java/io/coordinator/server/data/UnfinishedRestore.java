package io.coordinator.server.data;

import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Marks a data directory from before a backup is restored into it until all of that is on the disk. What is there
 * meanwhile is a part, which no node may take for its own, nor for nothing.
 */
public final class UnfinishedRestore {
    private static final String MARK = "restoring";
    /** What the mark is called while it is written. */
    private static final String BEGUN = MARK + ".tmp";

    /** What file systems have in their root directory, and what a lock leaves, is nobody's data. */
    private static final Set<String> NOBODYS = Set.of("lost+found", DirectoryLock.FILE);

    private UnfinishedRestore() {}

    /** Whether a restore into this directory has begun and not ended. */
    public static boolean isIn(Path data) {
        return Files.exists(data.resolve(MARK)) || Files.exists(data.resolve(BEGUN));
    }

    /** Whether nobody has data in a directory; also if it is not there. */
    public static boolean isEmpty(Path data) throws IOException {
        return !Files.exists(data) || contents(data).isEmpty();
    }

    /** Says that a restore begins; returns when the disk has that. The caller has locked the directory. */
    public static void begin(Path data) throws IOException {
        DurableFile.write(
                data.resolve(MARK),
                List.of("a backup is being restored into this directory; until that is done it is of no use"));
    }

    /** Says that all is there, and on the disk. */
    public static void end(Path data) throws IOException {
        Files.delete(data.resolve(MARK));
        Directories.forceEntries(data);
    }

    /** Deletes what a restore has left, and its mark last. The caller has locked the directory. */
    public static void clear(Path data) throws IOException {
        for (Path part : contents(data)) {
            if (!part.getFileName().toString().equals(MARK)) {
                Directories.delete(part);
            }
        }
        Directories.forceEntries(data);
        Files.deleteIfExists(data.resolve(MARK));
    }

    private static List<Path> contents(Path data) throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.filter(path -> !NOBODYS.contains(path.getFileName().toString()))
                    .toList();
        }
    }
}
