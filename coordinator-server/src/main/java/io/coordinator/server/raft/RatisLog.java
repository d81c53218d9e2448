package io.coordinator.server.raft;

import io.coordinator.server.config.BindFailure;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.server.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log on Apache Ratis: one group, named after the cluster. */
public final class RatisLog implements RaftLog {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);
    private static final Duration PURGE_TIMEOUT = Duration.ofSeconds(30);

    private final ServerConfig config;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final DivisionView view;
    private final RaftClientAsynchronousProtocol direct;
    private final RatisStateMachine stateMachine;
    private final RaftGroupId groupId;
    private final RaftPeerId self;
    private final SnapshotStore.Recovered recovered;
    private final long committedBefore;
    private final CommitWatch commits;
    private final LogListener listener;
    private final LeadershipTransfer transfer;
    private final QuorumWatch quorum;
    private final Franchise franchise;
    private final PeerConnections connections;
    private final RatisInnards innards;
    private final RatisMembers members;
    private volatile @Nullable LogWatchdog watchdog;
    private volatile @Nullable CommittedMark mark;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();

    private RatisLog(
            ServerConfig config,
            Seat seat,
            RaftServer server,
            RatisStateMachine stateMachine,
            RaftGroupId groupId,
            SnapshotStore.Recovered recovered,
            long committedBefore,
            LongPredicate leadsTerm,
            LogListener listener,
            Franchise franchise,
            PeerConnections connections)
            throws IOException {
        this.config = config;
        this.franchise = franchise;
        this.connections = connections;
        this.server = server;
        this.stateMachine = stateMachine;
        this.groupId = groupId;
        this.recovered = recovered;
        this.committedBefore = committedBefore;
        this.listener = listener;
        this.self = RaftPeerId.valueOf(seat.peer());
        this.division = server.getDivision(groupId);
        this.view = new DivisionView(division);
        this.innards = new RatisInnards(division);
        franchise.attach(innards);
        this.direct = (RaftClientAsynchronousProtocol) division;
        this.commits = new CommitWatch(
                leadsTerm,
                () -> division.getRaftLog().getNextIndex() - 1,
                () -> division.getRaftLog().getLastCommittedIndex());
        this.members = new RatisMembers(server, division, view, innards, clientId, callIds::incrementAndGet);
        this.transfer = new LeadershipTransfer(server, division.getMemberId(), clientId, callIds::incrementAndGet);
        this.quorum = new QuorumWatch(
                view::majoritySilenceMillis, config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS), transfer::stepDown);
    }

    /**
     * Opens the log; call {@link #start} to take part.
     *
     * @param seat as whom it takes part
     * @param recovered what the replica was loaded from
     * @param listener is called from {@link #start} on
     * @throws IOException if the log cannot be opened
     */
    public static RatisLog open(
            ServerConfig config,
            Seat seat,
            Replica replica,
            SnapshotStore store,
            SnapshotStore.Recovered recovered,
            Snapshotter snapshotter,
            DiskWatch disk,
            LogListener listener)
            throws IOException {
        // Ratis ends the process when it cannot bind; that is for us to decide.
        ExitUtils.disableSystemExit();
        Path current = LogDirectories.current(config);
        LogNames names = new LogNames(config.get(Keys.DATA_DIR), current);
        VoteMark marked = new VoteMark(current, names::force);
        marked.check();
        VoteCalls votes = new VoteCalls(marked::write);
        Franchise franchise = new Franchise(votes);
        FullDiskGuard full = new FullDiskGuard(disk, franchise);
        long committedBefore = CommittedMark.read(config.get(Keys.DATA_DIR));
        TornTail.cut(
                current,
                committedBefore,
                recovered.from().map(Checkpoint::index).orElse(-1L));
        RaftGroupId groupId = RaftGroupId.valueOf(seat.group());
        List<RaftPeer> members = seat.foundingPeers();
        NewcomerGate newcomers = new NewcomerGate(seat.peer(), seat.disk(), seat.admitted());
        Optional<PeerToken> token = config.get(Keys.PEER_TOKEN).map(PeerToken::new);
        SkippedEntries skipped = SkippedEntries.load(config.get(Keys.DATA_DIR));
        skipped.all().forEach(mark -> LOG.warn("not to be applied, as an operator decided: {}", mark));
        LeadershipProbe probe = new LeadershipProbe();
        PeerConnections connections = new PeerConnections();
        RatisStateMachine stateMachine = new RatisStateMachine(
                replica,
                store,
                recovered.from(),
                snapshotter,
                listener,
                probe::leadsTerm,
                skipped,
                names,
                committedBefore);
        RaftServer server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(seat.peer()))
                .setGroup(RaftGroup.valueOf(groupId, members))
                .setStateMachine(stateMachine)
                .setProperties(RatisSettings.of(config, LogDirectories.storage(config.get(Keys.DATA_DIR))))
                .setParameters(new PeerPortGuard(token, newcomers.before(full), connections).parameters())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        RatisLog log = new RatisLog(
                config,
                seat,
                server,
                stateMachine,
                groupId,
                recovered,
                committedBefore,
                probe::leadsTerm,
                listener,
                franchise,
                connections);
        List<ClientInterceptor> interceptors = new ArrayList<>(List.of(votes, franchise, full, newcomers, connections));
        token.map(PeerCalls::new).ifPresent(interceptors::add);
        PeerChannels.intercept(server, members, interceptors, seat.addresses(), seat.disks());
        probe.attach(log.division.getInfo());
        return log;
    }

    /**
     * Starts to take part.
     *
     * @throws IOException if the log is damaged or has a hole, or the peer port cannot be bound
     */
    public void start() throws IOException {
        try {
            StartChecks.requireFree(config.get(Keys.PEER_BIND));
            server.start();
            StartChecks.requireNoGap(division.getRaftLog(), recovered.from());
            StartChecks.requireCommitted(division.getRaftLog(), recovered.from(), committedBefore);
            view.started();
            franchise.started();
            mark = CommittedMark.start(
                    config.get(Keys.DATA_DIR), () -> division.getInfo().getLastAppliedIndex());
            watchdog = LogWatchdog.start(presence(), listener::broken);
            quorum.start();
        } catch (IOException | RuntimeException e) {
            close();
            HostPort address = config.get(Keys.PEER_BIND);
            String why = BindFailure.explain(Keys.PEER_BIND, address, e)
                    .or(() -> StartChecks.damagedSegment(LogDirectories.current(config)))
                    .orElseGet(() -> "the log cannot be opened, or its port " + address + " (peer-bind) not bound: "
                            + StartChecks.rootOf(e));
            throw new IOException(why, e);
        }
    }

    private LogPresence presence() throws IOException {
        return LogPresence.of(
                LogDirectories.current(config),
                () -> division.getInfo().isAlive() && isGroupServed(),
                view::lastFlushed);
    }

    private boolean isGroupServed() {
        for (RaftGroupId served : server.getGroupIds()) {
            if (served.equals(groupId)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void submit(Submission submission) {
        long term = division.getInfo().getCurrentTerm();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(self)
                .setGroupId(groupId)
                .setCallId(callIds.incrementAndGet())
                .setMessage(new SubmittedMessage(submission))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            var unused = direct.submitClientRequestAsync(request)
                    .whenComplete((reply, failure) -> report(submission, reply, failure));
            // The log appends on the calling thread.
            commits.appended(submission, term);
        } catch (IOException | RuntimeException e) {
            submission.failed(e);
        }
    }

    private static void report(Submission submission, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (failure != null) {
            submission.failed(failure);
        } else if (reply != null && !reply.isSuccess()) {
            Throwable cause = reply.getException();
            submission.failed(cause == null ? new IOException("refused without a reason") : cause);
        }
    }

    @Override
    public Optional<Submission> newestCommitted() {
        return commits.newest();
    }

    /** How long ago this node heard of the leader that it follows; {@link Long#MAX_VALUE} if it follows none. */
    public long leaderSilenceNanos() {
        return view.leaderSilenceNanos();
    }

    /** A leader that is silent for longer has missed a heartbeat: it sends one in half of the shortest timeout. */
    public long heartbeatNanos() {
        return TimeUnit.MILLISECONDS.toNanos(config.get(Keys.ELECTION_TIMEOUT_MIN_MILLIS) * 3L / 5);
    }

    @Override
    public LogStatus status() {
        return view.status();
    }

    @Override
    public Optional<String> heir(Optional<String> wanted) {
        return view.heir(wanted, config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS));
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String to, Duration timeout) {
        return transfer.to(view.peerOf(to).orElseGet(() -> RaftPeerId.valueOf(to)), timeout);
    }

    /** Gives leadership up, to whoever is elected; fails if this node does not lead. */
    public CompletableFuture<Void> stepDown(Duration timeout) {
        return transfer.stepDown(timeout);
    }

    /** Who takes part, and how that is changed. */
    public RaftMembers members() {
        return members;
    }

    /** Drops the part of the log that no snapshot needs any more; called after one was published. */
    public void purge() {
        checkPresence();
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                clientId, self, groupId, callIds.incrementAndGet(), PURGE_TIMEOUT.toMillis());
        var unused = server.snapshotManagementAsync(request).whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.warn("the log was not purged", failure);
            }
        });
    }

    private void checkPresence() {
        LogWatchdog running = watchdog;
        if (running != null) {
            running.checkSoon();
        }
    }

    /** Takes a snapshot of everything applied, in the background. */
    public void takeSnapshot() {
        stateMachine.takeFinalSnapshot();
    }

    @Override
    public void close() {
        stateMachine.expectClose();
        quorum.close();
        LogWatchdog running = watchdog;
        if (running != null) {
            running.close();
        }
        CommittedMark marking = mark;
        if (marking != null) {
            marking.close();
        }
        try {
            // Ratis names the threads that close its divisions so.
            new PatientClose(server.getId() + "-impl-thread", CLOSE_PATIENCE, this::hurry).close(server);
        } catch (IOException e) {
            LOG.warn("Ratis did not close cleanly", e);
        } finally {
            connections.close();
        }
    }

    private void hurry() {
        connections.close();
        innards.wakeWriter();
    }
}
