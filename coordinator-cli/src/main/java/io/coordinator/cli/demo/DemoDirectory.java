package io.coordinator.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one place on disk where a demo writes anything. */
final class DemoDirectory {
    private static final int TOKEN_BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path path;

    private DemoDirectory(Path path) {
        this.path = path;
    }

    /**
     * Creates a new one in the system's folder for temporary files, which only this user can read; with the servers'
     * token.
     */
    static DemoDirectory create() throws IOException {
        DemoDirectory directory = new DemoDirectory(Files.createTempDirectory("coordinator-demo-"));
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        Files.writeString(directory.peerToken(), HexFormat.of().formatHex(token));
        return directory;
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

    /** The file that holds the secret of the demo's servers. */
    Path peerToken() {
        return path.resolve("peer-token");
    }

    Path log(String process) {
        return path.resolve(process + ".log");
    }

    ExecutionLog executions() {
        return new ExecutionLog(path.resolve("executions"));
    }

    /** What functions of jobs began. */
    ExecutionLog jobRuns() {
        return new ExecutionLog(path.resolve("job-runs"));
    }

    /** Where the demo's processes unpack native libraries, which they do not remove themselves when they are killed. */
    Path temporary() throws IOException {
        return Files.createDirectories(path.resolve("tmp"));
    }

    /**
     * Removes everything. Processes that are just ending can add files meanwhile, so it is tried again for a while.
     *
     * @throws UncheckedIOException if something is left
     */
    void delete() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        IOException last = tryDelete();
        while (last != null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
            last = tryDelete();
        }
        if (last != null) {
            throw new UncheckedIOException("cannot remove " + path + "; remove it by hand", last);
        }
    }

    private @Nullable IOException tryDelete() {
        try {
            if (Files.exists(path)) {
                Files.walkFileTree(path, new Deletion());
            }
            return null;
        } catch (IOException e) {
            return e;
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
