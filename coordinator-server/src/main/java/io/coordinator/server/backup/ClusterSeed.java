package io.coordinator.server.backup;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MemberRow;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.data.Identity;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.DurableFile;
import io.coordinator.server.disk.Standing;
import io.coordinator.server.raft.NewGroup;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.NewBeginning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The data directory of the first member of a new cluster, made of the state of another one. Everything is prepared
 * beside and moved into its place at the end; who finds an unfinished one, a node for example, refuses it.
 */
final class ClusterSeed {
    /** So much later than every term that the old cluster can have reached meanwhile. */
    private static final long TERMS_LEFT_OUT = 1L << 20;

    private static final String SCRATCH = "new.tmp";

    private final Path data;
    private final String cluster;
    private final ClusterMember member;
    private final UUID group = UUID.randomUUID();
    private final String clusterId = UUID.randomUUID().toString();
    private final String disk = UUID.randomUUID().toString();
    private final Path prepared;

    ClusterSeed(Path data, String cluster, ClusterMember member) {
        this.data = data;
        this.cluster = cluster;
        this.member = member;
        this.prepared = data.resolve(SCRATCH).resolve("group");
    }

    /** Changes a state before it begins anew. */
    interface Preparation {
        void of(Coordinator core) throws IOException;
    }

    /** Where a checkpoint of the old cluster is to be put, to be made of. */
    Path checkpoint(long term, long index) throws IOException {
        Path checkpoints = prepared.resolve("sm");
        Files.createDirectories(checkpoints);
        return checkpoints.resolve(term + "_" + index);
    }

    /**
     * Makes the new state.
     *
     * @param termMin no term of the old cluster that is known is later
     * @return what was made
     */
    NewCluster prepare(Act act, String formerGroup, long termMin, Preparation preparation)
            throws IOException, SnapshotException {
        Path scratch = data.resolve(SCRATCH);
        Files.createDirectories(prepared.resolve("sm"));
        NewCluster made;
        try (SnapshotStore store = new SnapshotStore(scratch, prepared.resolve("sm"), Limits.DEFAULT)) {
            SnapshotStore.Recovered recovered = store.recover();
            Coordinator core = recovered.core();
            preparation.of(core);
            long from = core.index();
            long revision = core.revision();
            beginning(act, formerGroup).makeOf(core);
            long term = Math.max(termMin, recovered.from().map(Checkpoint::term).orElse(0L)) + TERMS_LEFT_OUT;
            Checkpoint checkpoint = store.write(term, core.capture());
            NewGroup.write(
                    prepared,
                    term,
                    checkpoint.index(),
                    member.node(),
                    member.peer().toString());
            made = new NewCluster(clusterId, group.toString(), from, revision, core.index(), core.revision(), term);
        }
        dropOthers(made);
        return made;
    }

    private NewBeginning beginning(Act act, String formerGroup) {
        MemberRow row = MemberRow.newBuilder()
                .setNode(member.node())
                .setIncarnation(1)
                .setDisk(disk)
                .setPeerAddress(member.peer().toString())
                .setClientAddress(member.client().toString())
                .setVoter(true)
                .build();
        return new NewBeginning(act.action(), act.actor(), act.reason(), clusterId, formerGroup, row, act.dateMillis());
    }

    /** What the old cluster wrote must never be taken for a state of the new one. */
    private void dropOthers(NewCluster made) throws IOException {
        Path checkpoints = prepared.resolve("sm");
        List<Path> others = new ArrayList<>();
        try (var all = Files.list(checkpoints)) {
            all.filter(path -> !path.getFileName().toString().equals(made.term() + "_" + made.index()))
                    .forEach(others::add);
        }
        for (Path other : others) {
            Directories.delete(other);
        }
        Directories.forceEntries(checkpoints);
        Directories.forceEntries(prepared.resolve("current"));
        Directories.forceEntries(prepared);
    }

    /** Puts it into its place; the directory is the node's from then on. */
    void commit() throws IOException {
        Path raft = data.resolve("raft");
        Directories.create(raft);
        Files.move(prepared, raft.resolve(group.toString()), StandardCopyOption.ATOMIC_MOVE);
        Directories.forceEntries(raft);
        Directories.delete(data.resolve(SCRATCH));
        new Standing(disk, 1, Standing.Part.JOINED, Optional.of(group), List.of(), Optional.of(clusterId)).write(data);
        DurableFile.write(data.resolve("started"), List.of("the log exists"));
        new Identity(cluster, member.node()).write(data);
    }

    /** Deletes what was prepared. */
    void discard() throws IOException {
        Directories.delete(data.resolve(SCRATCH));
    }

    /**
     * Who does it.
     *
     * @param action as the trail of acts tells it
     */
    record Act(String action, String actor, String reason, long dateMillis) {
        Act {
            if (reason.isBlank()) {
                throw new IllegalArgumentException(ErrorCode.EINVAL + ": a reason is needed");
            }
        }
    }
}
