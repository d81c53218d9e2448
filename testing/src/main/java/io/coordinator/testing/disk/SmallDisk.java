package io.coordinator.testing.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small file system in memory, mounted on a directory, that a test fills and empties. Needs root, and Linux. */
public final class SmallDisk implements AutoCloseable {
    private static final String BALLAST = "ballast-of-the-test";
    private static final int BLOCK = 4_096;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Whether file systems can be mounted here: tries it. */
    public static boolean isAvailable(Path scratch) throws IOException {
        Path probe = Files.createDirectories(scratch.resolve("mount-probe"));
        if (!run(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.toString()))) {
            return false;
        }
        new SmallDisk(probe).close();
        return true;
    }

    /** Mounts one; what the directory holds is hidden until {@link #close}. */
    public static SmallDisk mount(Path directory, int mebibytes) throws IOException {
        Files.createDirectories(directory);
        if (!run(List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString()))) {
            throw new IOException("no file system could be mounted on " + directory);
        }
        return new SmallDisk(directory);
    }

    /** Bytes that a process may still write. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Fills it, as another program would, until no more than this is free. */
    public void fillTo(long bytesFree) throws IOException {
        byte[] block = new byte[BLOCK];
        try (FileChannel ballast = FileChannel.open(
                directory.resolve(BALLAST),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            while (freeBytes() > bytesFree) {
                ballast.write(ByteBuffer.wrap(block));
            }
        } catch (IOException e) {
            if (freeBytes() > bytesFree) {
                throw e;
            }
        }
    }

    /** Gives back what {@link #fillTo} took. */
    public void makeRoom() throws IOException {
        Path ballast = directory.resolve(BALLAST);
        if (Files.exists(ballast)) {
            try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
                file.setLength(0);
            }
        }
    }

    /** Unmounts it, with all that it holds. Nobody may have a file of it open, or what is open lives on. */
    @Override
    public void close() {
        try {
            if (!run(List.of("umount", "--lazy", directory.toString()))) {
                throw new IllegalStateException("cannot unmount " + directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(List<String> command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }
}
