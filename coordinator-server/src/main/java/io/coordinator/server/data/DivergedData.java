package io.coordinator.server.data;

import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the data of a node that has diverged out of its own way: a mark says that it must never be used again, and
 * before anything else of the directory is opened, all of it is moved to {@code diverged-<time>} in the same directory.
 * Who looks into the cause finds it there. A crash at any point leaves the mark or the end.
 */
public final class DivergedData {
    private static final Logger LOG = LoggerFactory.getLogger(DivergedData.class);
    private static final String MARK = "diverged";
    private static final String PREFIX = "diverged-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private DivergedData() {}

    /**
     * Marks the data; returns when the disk has the mark.
     *
     * @param why for people, one line
     */
    public static void mark(Path data, Instant now, String why) throws IOException {
        if (!Files.exists(data.resolve(MARK))) {
            DurableFile.write(data.resolve(MARK), List.of(PREFIX + TIME.format(now), why));
        }
    }

    /** Moves the data aside if it is marked. The caller has locked the directory, and has nothing of it open. */
    public static void complete(Path data) throws IOException {
        Path mark = data.resolve(MARK);
        if (!Files.exists(mark)) {
            return;
        }
        List<String> lines = Files.readAllLines(mark, StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.get(0).matches(PREFIX + "[0-9-]+")) {
            throw new IOException(mark + " is damaged. It says that the data beside it differ from those of the other"
                    + " members and must not be used: move everything but the lock file out of " + data
                    + ", and start this node again");
        }
        Path target = data.resolve(lines.get(0));
        Files.createDirectories(target);
        for (Path entry : entries(data)) {
            Files.move(entry, target.resolve(entry.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
        }
        Directories.forceEntries(target);
        Directories.forceEntries(data);
        Files.move(mark, target.resolve("why"), StandardCopyOption.ATOMIC_MOVE);
        Directories.forceEntries(data);
        LOG.warn(
                "the state of this node had diverged from that of the others; what it had was moved to {}. It starts"
                        + " empty, and receives the state from the leader",
                target);
    }

    private static List<Path> entries(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return !name.equals(MARK) && !name.startsWith(PREFIX) && !name.equals(DirectoryLock.FILE);
                    })
                    .toList();
        }
    }
}
