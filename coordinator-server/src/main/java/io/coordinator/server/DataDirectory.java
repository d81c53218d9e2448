package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.data.DirectoryLock;
import io.coordinator.server.data.DivergedData;
import io.coordinator.server.data.Identity;
import io.coordinator.server.data.LogOfBefore;
import io.coordinator.server.data.UnfinishedRestore;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.DurableFile;
import io.coordinator.server.disk.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node's directory: locked by one process, and marked with whose it is, so that a disk of another node or cluster is
 * not taken for ours, and a log that vanished is not taken for a node that never had one.
 */
final class DataDirectory implements AutoCloseable {
    private static final String STARTED = "started";

    private final Path path;
    private final DirectoryLock lock;

    private DataDirectory(Path path, DirectoryLock lock) {
        this.path = path;
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
            Directories.create(path);
            requireSpace(path, freeBytesMin);
            DataDirectory directory = lock(path);
            try {
                requireWhole(path);
                DivergedData.complete(path);
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
                            + " are required (half of free-space-min-bytes); make room and start again");
        }
    }

    private static DataDirectory lock(Path path) throws IOException, StartupException {
        return new DataDirectory(
                path,
                DirectoryLock.tryLock(path)
                        .orElseThrow(() -> new StartupException(
                                ErrorCode.EPERSISTLOCKED,
                                "the data directory " + path + " is in use by another live node")));
    }

    private static void requireWhole(Path path) throws StartupException {
        if (UnfinishedRestore.isIn(path)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the data directory " + path + " holds a part of a backup: 'coordinator snapshot restore' was"
                            + " interrupted. Run it again with this directory, and it begins anew; then start the"
                            + " node");
        }
    }

    private void identify(String cluster, String node, Path log) throws IOException, StartupException {
        Identity ours = new Identity(cluster, node);
        Optional<Identity> found = Identity.read(path);
        if (found.isEmpty()) {
            requireEmpty(log);
            ours.write(path);
            return;
        }
        if (!found.get().equals(ours)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the data directory " + path + " belongs to " + found.get() + ", not to " + ours
                            + "; start this node with its own directory");
        }
        if (LogOfBefore.isOnlyAside(path, log)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the log of this node was set aside in " + LogOfBefore.aside(path)
                            + ": 'coordinator data force-single' was interrupted. Run it again; nothing is lost");
        }
        forgetOtherGroups(log);
        if (Files.exists(path.resolve(STARTED)) && !Files.isDirectory(log.resolve("current"))) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the log of this node has vanished from " + log + ", so what it has voted for and acknowledged is"
                            + " unknown. Restore the disk; or, if it is lost, empty the whole data directory to let the"
                            + " node rejoin from the others while a majority of them is alive");
        }
    }

    /**
     * A node that comes to a restored or forced cluster begins in the group of the cluster's name, in which it never
     * took part. When it is let in it has another, and no log of that yet.
     */
    private void forgetOtherGroups(Path log) throws IOException {
        Path groups = log.resolveSibling(".").normalize();
        boolean joined = Standing.read(path)
                .filter(standing -> standing.part() == Standing.Part.JOINED
                        && standing.group().isPresent())
                .isPresent();
        if (!joined || Files.exists(log) || !Files.isDirectory(groups)) {
            return;
        }
        List<Path> others;
        try (Stream<Path> entries = Files.list(groups)) {
            others = entries.toList();
        }
        if (!others.isEmpty()) {
            Files.deleteIfExists(path.resolve(STARTED));
            Directories.forceEntries(path);
        }
        for (Path other : others) {
            Directories.delete(other);
        }
    }

    private void requireEmpty(Path log) throws StartupException {
        if (Files.exists(log)) {
            throw new StartupException(
                    ErrorCode.EMISMATCH,
                    "the data directory " + path + " holds a log but no identity file; restore 'identity',"
                            + " or empty the directory to let the node rejoin from the others");
        }
    }

    /** Notes that this node has a log: from now on its absence means loss. */
    void markStarted() throws IOException {
        if (!Files.exists(path.resolve(STARTED))) {
            DurableFile.write(path.resolve(STARTED), List.of("the log exists"));
        }
    }

    /** The last part of a node to close. */
    @Override
    public void close() throws IOException {
        try {
            DivergedData.complete(path);
        } finally {
            lock.close();
        }
    }
}
