package io.coordinator.server.member;

import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.FoundCluster;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.PutMember;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.disk.Standing.FirstMember;
import io.coordinator.server.net.MemberCalls;
import io.coordinator.server.raft.Electorate;
import io.coordinator.server.raft.PeerName;
import io.coordinator.state.cluster.ClusterView;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader does about the members by itself: it founds the cluster, makes the Raft group what the log says one
 * step at a time, gives a vote to those who wait for it and have caught up, and puts a spare in the place of a voter
 * that is gone. All that it works from is in the log, so the next leader goes on where this one stopped.
 */
public final class MemberKeeper implements AutoCloseable {
    /** Who is so many entries behind what is committed has caught up. */
    static final long LAG_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);
    private static final long INTERVAL_MILLIS = 100;
    private static final long ANSWER_MILLIS = 2_000;
    private static final long CHANGE_SECONDS = 90;
    private static final long LOOK_SECONDS = 1;
    /** The first core version that knows members. */
    private static final int VERSION = 2;

    private final MemberLeadership leadership;
    private final OwnDisk disk;
    private final MemberCalls calls;
    private final Duration replaceAfter;
    private final int coreVersion;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-members");
        made.setDaemon(true);
        return made;
    });
    private final AbsentMembers missing =
            new AbsentMembers(row -> answering(row).isPresent());
    private String complaint = "";
    /** Who is gone and has no spare, as was told. */
    private String unreplaced = "";

    /**
     * Starts to look.
     *
     * @param replaceAfter zero: a voter that is gone is never replaced by itself
     * @param coreVersion the newest that this node may use
     */
    public MemberKeeper(
            MemberLeadership leadership, OwnDisk disk, MemberCalls calls, Duration replaceAfter, int coreVersion) {
        this.leadership = leadership;
        this.disk = disk;
        this.calls = calls;
        this.replaceAfter = replaceAfter;
        this.coreVersion = coreVersion;
        var unused = thread.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!leadership.leads()) {
            missing.forget();
            return;
        }
        try {
            ClusterView cluster = leadership.members().cluster();
            if (!cluster.isFounded()) {
                found();
            } else if (follow(cluster) && promote(cluster)) {
                replace(cluster);
            }
            complaint = "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            complain(e);
        }
    }

    /** Once for each kind: it is tried again at the next look. */
    private void complain(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        String told = String.valueOf(cause.getMessage());
        if (leadership.leads() && !told.equals(complaint)) {
            complaint = told;
            LOG.warn("the members are not yet what the log says; it is tried again: {}", told);
        }
    }

    private void found() throws InterruptedException, ExecutionException, TimeoutException {
        List<FirstMember> first = disk.standing().first();
        int known = first.stream().mapToInt(FirstMember::coreVersion).min().orElse(0);
        if (known > leadership.activeVersion().get()) {
            SessionCommand.Builder advance = SessionCommand.newBuilder()
                    .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(Math.min(known, coreVersion)));
            Command command = Command.newBuilder().setSession(advance).build();
            done(ClusterProposal.propose(leadership.proposer(), command));
        }
        if (leadership.activeVersion().get() < VERSION) {
            return;
        }
        FoundCluster.Builder founded =
                FoundCluster.newBuilder().setClusterId(UUID.randomUUID().toString());
        Map<String, String> disks = first.isEmpty() ? askForDisks() : Map.of();
        for (Member member : leadership.members().members()) {
            String id = disks.getOrDefault(member.getNode(), member.getDisk());
            if (id.isEmpty()) {
                return; // All must have told: a disk that is not known could not be told from a new one.
            }
            founded.addMembers(MemberRow.newBuilder()
                    .setNode(member.getNode())
                    .setIncarnation(1)
                    .setDisk(id)
                    .setPeerAddress(member.getPeerAddress())
                    .setClientAddress(member.getClientAddress())
                    .setVoter(true));
        }
        done(ClusterProposal.propose(
                leadership.proposer(), ClusterCommand.newBuilder().setFound(founded)));
        LOG.info("the cluster is founded, with the id {}", founded.getClusterId());
    }

    private static void done(CompletableFuture<Void> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        future.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Of a cluster that is older than disks' ids: each tells its own. */
    private Map<String, String> askForDisks() {
        Map<String, String> disks = new HashMap<>();
        for (Member member : leadership.members().members()) {
            if (member.getNode().equals(leadership.node())) {
                disks.put(member.getNode(), disk.standing().disk());
            } else {
                status(member.getClientAddress())
                        .filter(NodeStatusReply::getAdmitted)
                        .ifPresent(reply -> disks.put(reply.getNode(), reply.getDisk()));
            }
        }
        return disks;
    }

    private Optional<NodeStatusReply> status(String clientAddress) {
        try {
            return Optional.of(calls.status(clientAddress).get(ANSWER_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not answer", clientAddress, e);
            return Optional.empty();
        }
    }

    /** Makes the group what the log says; true if it is. */
    private boolean follow(ClusterView cluster) throws InterruptedException, ExecutionException, TimeoutException {
        Electorate now = leadership.group().electorate();
        Electorate wanted = wanted(cluster, now);
        if (!now.settled()) {
            return false;
        }
        Optional<Electorate> next =
                NextStep.of(now, missing.without(cluster.members(), now, wanted), leadership.peer());
        if (next.isEmpty()) {
            if (!wanted.voters().contains(leadership.peer())) {
                LOG.info("this node is to leave, and hands leadership over first");
                leadership.handOver().run();
                return false;
            }
            return true;
        }
        LOG.info("the group becomes {}; it was {}", next.get(), now);
        Map<String, String> addresses = new HashMap<>();
        cluster.members().forEach(row -> addresses.put(peer(row), row.getPeerAddress()));
        await(leadership.group().change(now, next.get(), addresses));
        return false;
    }

    /** Until it is made, or cannot be since the one that is to come was silent for too long. */
    private void await(CompletableFuture<Void> change)
            throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHANGE_SECONDS);
        while (true) {
            try {
                change.get(LOOK_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                leadership.group().nudge();
            }
        }
    }

    /** What the log says; a voter that comes back with a new disk keeps its place until that has caught up. */
    static Electorate wanted(ClusterView cluster, Electorate now) {
        Set<String> voters = new HashSet<>();
        Set<String> listeners = new HashSet<>();
        cluster.members().forEach(row -> {
            (row.getVoter() ? voters : listeners).add(peer(row));
            if (!row.getVoter() && row.getPromote()) {
                now.voters().stream()
                        .filter(voter -> PeerName.node(voter).equals(row.getNode()))
                        .forEach(voters::add);
            }
        });
        return new Electorate(voters, listeners, true);
    }

    static String peer(MemberRow row) {
        return PeerName.of(row.getNode(), row.getIncarnation());
    }

    /** Gives a vote to whoever waits for it and has caught up; true if nobody waits who can be waited for. */
    private boolean promote(ClusterView cluster) throws InterruptedException, ExecutionException, TimeoutException {
        boolean waiting = false;
        for (MemberRow row : cluster.members()) {
            if (!row.getVoter() && row.getPromote()) {
                if (lag(row).orElse(Long.MAX_VALUE) <= LAG_MAX) {
                    done(ClusterProposal.propose(leadership.proposer(), voter(row, row.getReplaces(), "promote")));
                    return false;
                }
                waiting |= leadership.isAlive(peer(row));
            }
        }
        return !waiting;
    }

    /** How far a member is behind what is committed; empty if it does not say, or its log has yet to be opened. */
    OptionalLong lag(MemberRow row) {
        return answering(row).stream()
                .filter(NodeStatusReply::getAdmitted)
                .filter(reply -> row.getVoter() || reply.getRole() == Role.LISTENER)
                .mapToLong(reply -> Math.max(0, leadership.log().status().committedIndex() - reply.getAppliedIndex()))
                .findFirst();
    }

    /** The status of a member, if it runs with the disk that the log knows. */
    private Optional<NodeStatusReply> answering(MemberRow row) {
        return leadership
                .members()
                .find(row.getNode())
                .flatMap(member -> status(member.getClientAddress()))
                .filter(reply -> reply.getDisk().equals(row.getDisk()));
    }

    static ClusterCommand.Builder voter(MemberRow row, String replaces, String action) {
        return ClusterCommand.newBuilder()
                .setPutMember(PutMember.newBuilder()
                        .setMember(row.toBuilder()
                                .setVoter(true)
                                .setSpare(false)
                                .setPromote(false)
                                .clearReplaces())
                        .setReplaces(replaces)
                        .setAction(action));
    }

    /** Puts a spare in the place of one voter that is gone for too long, if those who are there can decide it. */
    private void replace(ClusterView cluster) throws InterruptedException, ExecutionException, TimeoutException {
        if (replaceAfter.isZero()) {
            return;
        }
        Electorate now = leadership.group().electorate();
        List<MemberRow> gone =
                cluster.members().stream().filter(row -> isGone(row, now)).toList();
        Set<String> voters = wanted(cluster, now).voters();
        long alive = voters.stream().filter(leadership::isAlive).count();
        if (gone.isEmpty() || alive <= voters.size() / 2) {
            unreplaced = "";
            return;
        }
        String lost = gone.get(0).getNode();
        for (MemberRow spare : cluster.members()) {
            if (spare.getSpare()
                    && !spare.getVoter()
                    && leadership.isAlive(peer(spare))
                    && lag(spare).orElse(Long.MAX_VALUE) <= LAG_MAX) {
                LOG.warn(
                        "{} was silent for longer than {} s: {} takes its place",
                        lost,
                        replaceAfter.toSeconds(),
                        spare.getNode());
                ClusterCommand.Builder command = voter(spare, lost, "replace")
                        .setReason(lost + " was silent for longer than replace-after-seconds");
                done(ClusterProposal.propose(leadership.proposer(), command));
                return;
            }
        }
        if (!lost.equals(unreplaced)) {
            unreplaced = lost;
            LOG.warn(
                    "{} was silent for longer than {} s, and no spare is there that could take its place: start one and"
                            + " add it with 'coordinator member add NAME --spare'",
                    lost,
                    replaceAfter.toSeconds());
        }
    }

    /** A voter that is silent for too long, or one that came back with a new disk and went before it had its vote. */
    private boolean isGone(MemberRow row, Electorate now) {
        return (row.getVoter() || hasVotedBefore(row, now))
                && !peer(row).equals(leadership.peer())
                && silence(peer(row)).compareTo(replaceAfter) > 0;
    }

    private Duration silence(String peer) {
        return leadership.group().silences().containsKey(peer) ? leadership.silence(peer) : missing.silence(peer);
    }

    /** Whether the disk that a member has lost still counts. */
    private static boolean hasVotedBefore(MemberRow row, Electorate now) {
        return row.getPromote()
                && now.voters().stream().anyMatch(voter -> PeerName.node(voter).equals(row.getNode()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
