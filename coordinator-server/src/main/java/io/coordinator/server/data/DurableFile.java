package io.coordinator.server.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
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
        force(temporary, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        forceNames(file.resolveSibling("."));
    }

    /** Makes a directory with all above it, so that a loss of power leaves none without a name. */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || Files.isDirectory(absolute)) {
            return;
        }
        createDirectories(parent);
        Files.createDirectories(absolute);
        forceNames(parent);
    }

    /** Forces the names in a directory to the disk: what was created, renamed or deleted there. */
    public static void forceNames(Path directory) throws IOException {
        force(directory, StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
