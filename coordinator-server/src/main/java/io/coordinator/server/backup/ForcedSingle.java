package io.coordinator.server.backup;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MemberRow;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.data.DirectoryLock;
import io.coordinator.server.data.Identity;
import io.coordinator.server.data.LogOfBefore;
import io.coordinator.server.data.UnfinishedRestore;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.LogReplay;
import io.coordinator.server.raft.NewGroup;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.state.Coordinator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes a new cluster with one member of what a survivor has, after the majority of its cluster was lost for good. What
 * the others acknowledged and the survivor has not received is gone. The log and checkpoints of before are set aside.
 */
public final class ForcedSingle implements AutoCloseable {
    private static final String NOTE = "forced";

    private final Path data;
    private final Identity identity;
    private final DirectoryLock lock;

    private ForcedSingle(Path data, Identity identity, DirectoryLock lock) {
        this.data = data;
        this.identity = identity;
        this.lock = lock;
    }

    /**
     * Locks the survivor's directory.
     *
     * @throws BackupException EMISMATCH if it is none, EPERSISTLOCKED if the node runs
     */
    public static ForcedSingle open(Path data) throws BackupException {
        try {
            if (UnfinishedRestore.isIn(data)) {
                throw new BackupException(
                        ErrorCode.EMISMATCH,
                        data
                                + " is that of no survivor: an interrupted 'coordinator snapshot restore' has left it;"
                                + " run that again");
            }
            Identity identity = (Files.isDirectory(data) ? Identity.read(data) : Optional.<Identity>empty())
                    .orElseThrow(() -> new BackupException(
                            ErrorCode.EMISMATCH,
                            data + " is not the data directory of a node; see its key `data-dir`"));
            DirectoryLock lock = DirectoryLock.tryLock(data)
                    .orElseThrow(() -> new BackupException(
                            ErrorCode.EPERSISTLOCKED, data + " is in use by a live node; stop the node first"));
            return new ForcedSingle(data, identity, lock);
        } catch (IOException e) {
            throw failed(data, e);
        }
    }

    private static List<String> others(Coordinator core, ClusterMember self) {
        return core.cluster().members().stream()
                .filter(row -> !row.getNode().equals(self.node()))
                .map(MemberRow::getClientAddress)
                .toList();
    }

    public Identity identity() {
        return identity;
    }

    /**
     * Makes the new cluster. Repeated after it was interrupted, it begins again.
     *
     * @param member the survivor, as others will reach it
     * @param actor who does it, for the trail of acts
     * @param dateMillis now, since 1970
     * @param lost told the client addresses of the other members, as the survivor's log has them, before anything is
     *     changed; throws if one of them lives
     * @throws BackupException EBROKER if what the survivor has is damaged, or its disk fails; nothing is changed then
     */
    public NewCluster run(
            ClusterMember member, String actor, String reason, long dateMillis, Consumer<List<String>> lost)
            throws BackupException {
        UUID former = LogDirectories.groupOf(data, identity.cluster());
        ClusterSeed seed = new ClusterSeed(data, identity.cluster(), member);
        try {
            Path group = takeBack(former);
            seed.discard();
            for (Checkpoint checkpoint : checkpoints(group)) {
                Directories.cloneInto(checkpoint.files(), seed.checkpoint(checkpoint.term(), checkpoint.index()));
            }
            NewCluster made = seed.prepare(
                    new ClusterSeed.Act("force-single", actor, reason, dateMillis),
                    former.toString(),
                    NewGroup.term(group),
                    core -> {
                        LogReplay.run(data, identity.cluster(), core);
                        lost.accept(others(core, member));
                    });
            note(made, former, actor, reason, dateMillis);
            Path aside = LogOfBefore.aside(data);
            Directories.create(aside);
            Files.move(group, aside.resolve(former.toString()), StandardCopyOption.ATOMIC_MOVE);
            Directories.forceEntries(aside);
            Files.deleteIfExists(data.resolve("committed"));
            seed.commit();
            return made;
        } catch (SnapshotException e) {
            throw new BackupException(ErrorCode.EBROKER, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failed(data, e);
        }
    }

    /** An attempt that was interrupted may have set the log aside already, and put its own in that place. */
    private Path takeBack(UUID former) throws IOException {
        Path group = LogDirectories.group(data, identity.cluster());
        Path aside = LogOfBefore.aside(data).resolve(former.toString());
        if (!Files.exists(group) && Files.exists(aside)) {
            Files.move(aside, group, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Files.isDirectory(group)) {
            throw new IOException("it holds no log");
        }
        for (Path other : list(group.resolveSibling("."))) {
            if (!other.getFileName().equals(group.getFileName())) {
                Directories.delete(other);
            }
        }
        return group;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static List<Checkpoint> checkpoints(Path group) throws IOException {
        Path published = group.resolve("sm");
        return Files.isDirectory(published) ? Checkpoint.list(published) : List.of();
    }

    private void note(NewCluster made, UUID former, String actor, String reason, long dateMillis) throws IOException {
        Path file = data.resolve(NOTE);
        String line = String.join(
                "\t",
                Instant.ofEpochMilli(dateMillis).toString(),
                "group " + former + " -> " + made.group(),
                "cluster " + made.clusterId(),
                "index " + made.indexBefore(),
                actor.replaceAll("\\s", " "),
                reason.replaceAll("\\s", " "));
        Files.writeString(
                file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static BackupException failed(Path data, IOException e) {
        return new BackupException(ErrorCode.EBROKER, "cannot use " + data + ": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
