package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's directory: locked by one process, and marked with whose it is, so that a disk of another node or cluster is
 * not taken for ours, and a log that vanished is not taken for a node that never had one.
 */
final class DataDirectory implements AutoCloseable {
    private static final String IDENTITY = "identity";
    private static final String STARTED = "started";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * @param log where the log lives once the node has started for the first time
     * @param freeBytesMin a disk with less room is refused
     * @throws StartupException EPERSISTLOCKED, EMISMATCH, or EBROKER if the directory cannot be used
     */
    static DataDirectory open(Path path, String cluster, String node, Path log, long freeBytesMin)
            throws StartupException {
        try {
            Files.createDirectories(path);
            requireSpace(path, freeBytesMin);
            DataDirectory directory = lock(path);
            try {
                directory.identify(cluster, node, log);
                return directory;
            } catch (StartupException | IOException e) {
                directory.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartupException(ErrorCode.EBROKER, "cannot use the data directory " + path + ": " + e, e);
        }
    }

    private static void requireSpace(Path path, long freeBytesMin) throws IOException, StartupException {
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < freeBytesMin) {
            throw new StartupException(
                    ErrorCode.EBROKER,
                    "the disk of " + path + " is full: " + free + " bytes are free, " + freeBytesMin
                            + " are required (free-space-min-bytes); make room and start again");
        }
    }

    private static DataDirectory lock(Path path) throws IOException, StartupException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new StartupException(
                    ErrorCode.EPERSISTLOCKED, "the data directory " + path + " is in use by another live node");
        }
        return new DataDirectory(path, channel, lock);
    }

    private void identify(String cluster, String node, Path log) throws IOException, StartupException {
        Path file = path.resolve(IDENTITY);
        List<String> ours = List.of("cluster=" + cluster, "node=" + node);
        if (!Files.exists(file)) {
            requireEmpty(log);
            writeDurably(file, ours);
            return;
        }
        List<String> found = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (!found.equals(ours)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the data directory " + path + " belongs to " + found + ", not to " + ours
                            + "; start this node with its own directory");
        }
        if (Files.exists(path.resolve(STARTED)) && !Files.isDirectory(log.resolve("current"))) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the log of this node has vanished from " + log + ", so what it has voted for and acknowledged is"
                            + " unknown. Restore the disk; or, if it is lost, empty the whole data directory to let the"
                            + " node rejoin from the others while a majority of them is alive");
        }
    }

    private void writeDurably(Path file, List<String> lines) throws IOException {
        Path temporary = path.resolve(file.getFileName() + ".tmp");
        Files.write(temporary, lines, StandardCharsets.UTF_8);
        try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private void requireEmpty(Path log) throws StartupException {
        if (Files.exists(log)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the data directory " + path + " holds a log but no identity file; restore '" + IDENTITY
                            + "', or empty the directory to let the node rejoin from the others");
        }
    }

    /** Notes that this node has a log: from now on its absence means loss. */
    void markStarted() throws IOException {
        if (!Files.exists(path.resolve(STARTED))) {
            writeDurably(path.resolve(STARTED), List.of("the log exists"));
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
