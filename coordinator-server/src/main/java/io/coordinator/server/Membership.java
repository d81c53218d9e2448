package io.coordinator.server;

import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Standing;
import io.coordinator.server.member.Arrival;
import io.coordinator.server.member.Belonging;
import io.coordinator.server.member.MemberChanges;
import io.coordinator.server.member.MemberKeeper;
import io.coordinator.server.member.MemberLeadership;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.member.OwnDisk;
import io.coordinator.server.member.PeerMoves;
import io.coordinator.server.net.MemberCalls;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.Electorate;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.PeerName;
import io.coordinator.server.raft.RaftMembers;
import io.coordinator.server.raft.RatisLog;
import io.coordinator.server.raft.Seat;
import io.coordinator.server.replica.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** This node's part in its cluster: who it is there, who the others are, and what it does about them. */
final class Membership {
    private static final long ROLE_MILLIS = 100;
    private static final long MOVES_MILLIS = 300;
    private static final long BELONGING_MILLIS = 1_000;

    private final ServerConfig config;
    private final OwnDisk disk;
    private final MemberView view;
    private final Replica replica;
    private final MemberCalls calls;
    private volatile @Nullable RaftMembers members;
    private volatile @Nullable MemberChanges changes;
    private volatile @Nullable Arrival arrival;

    private Membership(ServerConfig config, OwnDisk disk, MemberView view, Replica replica, MemberCalls calls) {
        this.config = config;
        this.disk = disk;
        this.view = view;
        this.replica = replica;
        this.calls = calls;
    }

    /** Reads who this node is; the directory is locked. */
    static Membership open(ServerConfig config, Replica replica, MemberCalls calls) throws IOException {
        Path data = config.get(Keys.DATA_DIR);
        boolean hasLog =
                Files.isDirectory(LogDirectories.group(data, config.cluster()).resolve("current"));
        OwnDisk disk = OwnDisk.open(data, hasLog);
        MemberView view = new MemberView(
                config.node(), config.members(), disk, () -> replica.status().cluster());
        return new Membership(config, disk, view, replica, calls);
    }

    /** As whom this node takes part in the log. */
    Seat seat() {
        Standing standing = disk.standing();
        return new Seat(
                peer(),
                standing.disk(),
                group(),
                standing.part() == Standing.Part.JOINED ? List.of() : config.members(),
                disk.takingPart(),
                view::peerAddress,
                view::peerDisk);
    }

    private UUID group() {
        return LogDirectories.groupOf(config.get(Keys.DATA_DIR), config.cluster());
    }

    private String peer() {
        return PeerName.of(config.node(), disk.standing().incarnation());
    }

    MemberView view() {
        return view;
    }

    /** Begins to take part, as soon as it is known what the disk is. */
    void start(
            RatisLog log,
            Proposer proposer,
            Runnable handOver,
            Runnable joined,
            Consumer<Throwable> broken,
            Parts parts) {
        MemberLeadership leadership = new MemberLeadership(
                config.node(),
                peer(),
                () -> replica.status().activeVersion(),
                log,
                log.members(),
                proposer,
                view,
                Duration.ofMillis(2L * config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS)),
                handOver);
        MemberKeeper keeper = parts.add(new MemberKeeper(
                leadership,
                disk,
                calls,
                Duration.ofSeconds(config.get(Keys.REPLACE_AFTER_SECONDS)),
                config.limits().versionMax()));
        String groupId = disk.standing().group().map(Object::toString).orElse("");
        changes = new MemberChanges(config.cluster(), leadership, keeper, calls, groupId);
        Arrival looking = parts.add(new Arrival(
                config.cluster(),
                view.own(),
                config.members(),
                config.limits().versionMax(),
                disk,
                calls,
                view::ownClient,
                joined,
                broken));
        arrival = looking;
        looking.start();
        Belonging belonging = new Belonging(
                config.cluster(),
                config.node(),
                group().toString(),
                disk,
                view,
                replica::status,
                () -> log.status().leader().isEmpty(),
                log.members()::electorate,
                calls,
                broken);
        PeerMoves moves = new PeerMoves(view, log.members());
        ScheduledExecutorService clock = parts.add(new MemberClock()).thread();
        every(clock, MOVES_MILLIS, moves::look, broken);
        every(clock, ROLE_MILLIS, log.members()::takeRole, broken);
        every(clock, BELONGING_MILLIS, belonging::look, broken);
        members = log.members();
    }

    /** A look that throws is a defect, and would not come again. */
    private static void every(ScheduledExecutorService clock, long millis, Runnable look, Consumer<Throwable> broken) {
        var unused = clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException defect) {
                        broken.accept(defect);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** How long ago a leader heard of each peer; empty if this node does not lead. */
    Map<String, Duration> silences() {
        RaftMembers present = members;
        return present == null ? Map.of() : present.silences();
    }

    /** Who is in the Raft group by now. */
    Electorate electorate() {
        RaftMembers present = members;
        return present == null ? new Electorate(Set.of(), Set.of(), false) : present.electorate();
    }

    /** The thread of what is looked at now and then. */
    private record MemberClock(ScheduledExecutorService thread) implements AutoCloseable {
        MemberClock() {
            this(Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "coordinator-member-clock");
                made.setDaemon(true);
                return made;
            }));
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    /** Why this node cannot go on, as an operator is to hear it. */
    Throwable reason(Throwable cause) {
        return disk.isAdmitted() ? Belonging.reason(config.node(), peer(), view.cluster(), electorate(), cause) : cause;
    }

    Standing standing() {
        return disk.standing();
    }

    boolean isAdmitted() {
        return disk.isAdmitted();
    }

    /** What this node waits for before it takes part; empty if it does. */
    String waitsFor() {
        Arrival looking = arrival;
        return looking == null ? "" : looking.waitsFor();
    }

    /** Who leads the cluster that this node waits for; empty if it takes part. */
    Optional<String> leaderHeard() {
        Arrival looking = arrival;
        return looking == null ? Optional.empty() : looking.leader();
    }

    /** Nodes that wait to be added. */
    List<Member> waiting() {
        MemberChanges current = changes;
        return current == null ? List.of() : current.waiting();
    }

    CompletableFuture<Void> change(ChangeMembersRequest request) {
        return started().change(request);
    }

    CompletableFuture<JoinReply> join(JoinRequest request) {
        return started().join(request);
    }

    private MemberChanges started() {
        MemberChanges current = changes;
        if (current == null) {
            throw new IllegalStateException("the node has not started");
        }
        return current;
    }
}
