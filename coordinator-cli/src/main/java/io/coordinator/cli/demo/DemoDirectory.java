package io.coordinator.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The one place on disk where a demo writes anything. */
final class DemoDirectory {
    private final Path path;

    private DemoDirectory(Path path) {
        this.path = path;
    }

    /** Creates a new one in the system's folder for temporary files. */
    static DemoDirectory create() throws IOException {
        return new DemoDirectory(Files.createTempDirectory("coordinator-demo-"));
    }

    static DemoDirectory of(Path path) {
        return new DemoDirectory(path);
    }

    Path path() {
        return path;
    }

    Path data(String node) {
        return path.resolve(node);
    }

    Path log(String process) {
        return path.resolve(process + ".log");
    }

    ExecutionLog executions() {
        return new ExecutionLog(path.resolve("executions"));
    }

    /**
     * Removes everything. Processes that have been killed but are still ending can add files meanwhile, so it is tried
     * a few times.
     */
    void delete() {
        IOException last = null;
        for (int attempt = 0; attempt < 20 && Files.exists(path); attempt++) {
            try {
                Files.walkFileTree(path, new Deletion());
            } catch (IOException e) {
                last = e;
                Thread.onSpinWait();
            }
        }
        if (Files.exists(path) && last != null) {
            throw new UncheckedIOException("cannot remove " + path, last);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
