package io.coordinator.server.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes small files so that a loss of power leaves the old content or the new, never a mixture. */
public final class DurableFile {
    private DurableFile() {}

    /** Writes the lines in UTF-8; what was there before is replaced in one step. */
    public static void write(Path file, List<String> lines) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, lines, StandardCharsets.UTF_8);
        Directories.forceOne(temporary, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        Directories.forceEntries(file.resolveSibling("."));
    }
}
