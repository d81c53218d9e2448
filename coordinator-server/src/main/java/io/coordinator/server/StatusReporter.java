package io.coordinator.server;

import io.coordinator.protocol.DiskRoom;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.Release;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.http.Health;
import io.coordinator.server.http.HealthChecks;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.LogStatus;
import io.coordinator.server.raft.PeerName;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.replica.ReplicaStatus;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** How this node sees itself, for operators and probes; from local knowledge, without waiting for anything. */
final class StatusReporter implements HealthChecks {
    /** A follower this many entries behind what is known to be committed still counts as caught up. */
    private static final long LAG_MAX = 10_000;

    private final ServerConfig config;
    private final Membership membership;
    private final RaftLog log;
    private final Replica replica;
    private final SnapshotStore store;
    private final LeaderView leadership;
    private final Proposer proposer;
    private final SessionGateway gateway;
    private final LongSupplier mismatches;
    private final DiskWatch disk;
    private final BooleanSupplier stopping;
    private final String group;
    private final long startedNanos = System.nanoTime();

    StatusReporter(
            ServerConfig config,
            Membership membership,
            RaftLog log,
            Replica replica,
            SnapshotStore store,
            LeaderView leadership,
            Proposer proposer,
            SessionGateway gateway,
            LongSupplier mismatches,
            DiskWatch disk,
            BooleanSupplier stopping) {
        this.config = config;
        this.group = LogDirectories.groupOf(config.get(Keys.DATA_DIR), config.cluster())
                .toString();
        this.membership = membership;
        this.log = log;
        this.replica = replica;
        this.store = store;
        this.leadership = leadership;
        this.proposer = proposer;
        this.gateway = gateway;
        this.mismatches = mismatches;
        this.disk = disk;
        this.stopping = stopping;
    }

    /** The Raft group of this node. */
    String group() {
        return group;
    }

    /** Whether this node is in its cluster, and not an empty one that waits. */
    boolean takesPart() {
        return membership.isAdmitted();
    }

    NodeStatusReply report() {
        LogStatus raft = log.status();
        ReplicaStatus state = replica.status();
        Health ready = ready();
        return NodeStatusReply.newBuilder()
                .setCluster(config.cluster())
                .setNode(config.node())
                .setRole(raft.role())
                .setTerm(raft.term())
                .setLeader(raft.leader().orElse(""))
                .setCommittedIndex(raft.committedIndex())
                .setAppliedIndex(raft.appliedIndex())
                .setSnapshotIndex(store.latest().map(Checkpoint::index).orElse(0L))
                .setRevision(state.revision())
                .setClusterTimeMillis(proposer.clusterTimeMillis())
                .setDigest(state.digest())
                .setDigestIndex(state.index())
                .setServing(isServing())
                .setReady(ready.ok())
                .setNotReadyReason(ready.ok() ? "" : ready.reason())
                .setDiskRoom(disk.room())
                .setDiskFreeBytes(disk.freeBytes())
                .setVersion(Release.VERSION)
                .setCoreVersion(config.limits().versionMax())
                .setSnapshotFormat(SnapshotStore.FORMAT)
                .setSessionsAttached(gateway.attachedSessions())
                .addAllMembers(members())
                .addAllWaiting(membership.waiting())
                .setClusterId(state.cluster().id())
                .setDisk(membership.standing().disk())
                .setIncarnation(membership.standing().incarnation())
                .setAdmitted(membership.isAdmitted())
                .setActiveVersion(state.activeVersion())
                .setPeerAddress(membership.view().own().peer().toString())
                .setClientAddress(membership.view().ownClient())
                .setMembersSettled(membership.electorate().settled())
                .setUptimeMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos))
                .setDigestMismatches(mismatches.getAsLong())
                .setHeapMaxBytes(Runtime.getRuntime().maxMemory())
                .setGroup(group)
                .addAllFormerGroups(state.cluster().formerGroups())
                .build();
    }

    /** With who votes by now, and how long the leader has not heard of each. */
    private List<Member> members() {
        Map<String, Duration> silences = membership.silences();
        Set<String> voters = membership.electorate().voters();
        return membership.view().members().stream()
                .map(member -> {
                    String peer = PeerName.of(member.getNode(), member.getIncarnation());
                    return member.toBuilder()
                            .setVotes(voters.contains(peer))
                            .setSilentMillis(
                                    silences.getOrDefault(peer, Duration.ZERO).toMillis())
                            .build();
                })
                .toList();
    }

    boolean isServing() {
        return leadership.state() == LeaderView.State.SERVING;
    }

    @Override
    public Health startup() {
        LogStatus raft = log.status();
        if (!raft.alive()) {
            return new Health(false, "the log is not open");
        }
        return raft.appliedIndex() >= raft.committedIndex() - LAG_MAX
                ? new Health(true, "log open, applied " + raft.appliedIndex())
                : new Health(false, "applied " + raft.appliedIndex() + " of " + raft.committedIndex());
    }

    @Override
    public Health ready() {
        LogStatus raft = log.status();
        Optional<String> leader = raft.leader();
        if (stopping.getAsBoolean()) {
            return new Health(false, "this node is stopping");
        }
        if (!membership.isAdmitted()) {
            return new Health(false, "this node's disk is new; it waits for " + membership.waitsFor());
        }
        if (mismatches.getAsLong() > 0) {
            return new Health(
                    false, "this replica has diverged: its state is not the leader's, and which is right is not known");
        }
        if (disk.room() != DiskRoom.DISK_ENOUGH) {
            return new Health(
                    false,
                    (disk.room() == DiskRoom.DISK_LOW ? "the disk is nearly full: " : "the disk is full: ")
                            + disk.freeBytes() + " bytes are free, " + disk.reserve()
                            + " should be (free-space-min-bytes)");
        }
        if (leader.isEmpty()) {
            return new Health(false, "no leader is known");
        }
        if (raft.role() == Role.LEADER && !isServing()) {
            return new Health(false, "elected, waiting for the last leader's lease to end");
        }
        return raft.appliedIndex() >= raft.committedIndex() - LAG_MAX
                ? new Health(true, raft.role() + ", leader is " + leader.get())
                : new Health(false, "catching up: applied " + raft.appliedIndex() + " of " + raft.committedIndex());
    }

    @Override
    public Health live() {
        return log.status().alive()
                ? new Health(true, "up " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos) + " s")
                : new Health(false, "the log has shut down; this process must be restarted");
    }
}
