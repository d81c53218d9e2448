package io.coordinator.server.raft;

import io.coordinator.protocol.Role;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * What Ratis knows of this node's part in the group: its role and term, whom it follows, who follows it, how far its
 * log goes. Any thread may ask.
 */
final class DivisionView {
    private final RaftServer.Division division;
    /**
     * Ratis answers no question about a log that it has not read yet; clients may ask as soon as their port is open.
     */
    private volatile boolean started;

    DivisionView(RaftServer.Division division) {
        this.division = division;
    }

    /** The log has been read. */
    void started() {
        started = true;
    }

    LogStatus status() {
        DivisionInfo info = division.getInfo();
        if (!started) {
            return new LogStatus(Role.UNKNOWN_ROLE, info.getCurrentTerm(), Optional.empty(), 0, 0, info.isAlive());
        }
        return new LogStatus(
                role(info),
                info.getCurrentTerm(),
                Optional.ofNullable(info.getLeaderId()).map(PeerName::node),
                Math.max(0, division.getRaftLog().getLastCommittedIndex()),
                Math.max(0, info.getLastAppliedIndex()),
                info.isAlive());
    }

    private static Role role(DivisionInfo info) {
        RaftPeerRole role = info.getCurrentRole();
        if (role == null) {
            // The division has not started yet, or never will.
            return Role.UNKNOWN_ROLE;
        }
        return switch (role) {
            case LEADER -> Role.LEADER;
            case FOLLOWER -> Role.FOLLOWER;
            case CANDIDATE -> Role.CANDIDATE;
            case LISTENER -> Role.LISTENER;
            default -> Role.UNKNOWN_ROLE;
        };
    }

    /** How long ago this node heard of the leader that it follows; {@link Long#MAX_VALUE} if it follows none. */
    long leaderSilenceNanos() {
        DivisionInfo info = division.getInfo();
        if (!started || info.getCurrentRole() != RaftPeerRole.FOLLOWER || info.getLeaderId() == null) {
            return Long.MAX_VALUE;
        }
        return TimeUnit.MILLISECONDS.toNanos(
                info.getRoleInfoProto().getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs());
    }

    /**
     * The follower with a vote that was heard of last: Ratis lists those without one as well.
     *
     * @param wanted the only one that will do
     * @param silenceMaxMillis those who were silent for longer will not do
     */
    Optional<String> heir(Optional<String> wanted, long silenceMaxMillis) {
        if (!started) {
            return Optional.empty();
        }
        Set<String> voters = electorate().voters();
        return division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                .filter(follower -> voters.contains(peer(follower).toString()))
                .filter(follower -> follower.getLastRpcElapsedTimeMs() <= silenceMaxMillis)
                .filter(follower -> wanted.isEmpty() || wanted.get().equals(id(follower)))
                .min(Comparator.comparingLong(ServerRpcProto::getLastRpcElapsedTimeMs))
                .map(DivisionView::id);
    }

    /** For how long this node has led without hearing of a majority of the voters; 0 if it does not lead. */
    long majoritySilenceMillis() {
        DivisionInfo info = division.getInfo();
        if (!started || !info.isLeader()) {
            return 0;
        }
        Map<String, Duration> silences = silences();
        RaftConfiguration voters = division.getRaftConf();
        long silence = Math.max(
                majoritySilence(voters.getCurrentPeers(), silences),
                majoritySilence(voters.getPreviousPeers(), silences));
        // Who has just been elected was heard by a majority, whatever it has heard as a leader.
        return Math.min(silence, info.getRoleInfoProto().getRoleElapsedTimeMs());
    }

    /** How long ago the last of the most talkative majority was heard; this node hears itself. */
    private long majoritySilence(Collection<RaftPeer> voters, Map<String, Duration> silences) {
        List<Long> sorted = voters.stream()
                .map(RaftPeer::getId)
                .map(voter -> voter.equals(division.getId()) ? Duration.ZERO : silences.get(voter.toString()))
                .map(silence -> silence == null ? Long.MAX_VALUE : silence.toMillis())
                .sorted()
                .toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    private static String id(ServerRpcProto follower) {
        return PeerName.node(peer(follower));
    }

    private static RaftPeerId peer(ServerRpcProto follower) {
        return RaftPeerId.valueOf(follower.getId().getId());
    }

    /** Whether a node of that name is in the group, in whatever part, and who it is there. */
    Optional<RaftPeerId> peerOf(String node) {
        return Stream.of(RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)
                .flatMap(role -> division.getRaftConf().getAllPeers(role).stream())
                .map(RaftPeer::getId)
                .filter(peer -> PeerName.node(peer).equals(node))
                .findFirst();
    }

    /** Who is in the group. */
    Electorate electorate() {
        RaftConfiguration configuration = division.getRaftConf();
        boolean settled = configuration.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty()
                && division.getRaftLog().getLastCommittedIndex() >= configuration.getLogEntryIndex();
        return new Electorate(
                names(configuration.getCurrentPeers(RaftPeerRole.FOLLOWER)),
                names(configuration.getCurrentPeers(RaftPeerRole.LISTENER)),
                settled);
    }

    private static Set<String> names(Collection<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
    }

    /** How long ago a leader heard of each of the others, by their names in the group; empty if it does not lead. */
    Map<String, Duration> silences() {
        if (!started) {
            return Map.of();
        }
        return division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                .collect(Collectors.toMap(
                        follower -> peer(follower).toString(),
                        follower -> Duration.ofMillis(follower.getLastRpcElapsedTimeMs()),
                        (one, other) -> one));
    }

    /** The last entry that was forced to a file and is still kept there; empty right after a snapshot was installed. */
    OptionalLong lastFlushed() {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        if (last == null) {
            return OptionalLong.empty();
        }
        long flushed = Math.min(last.getIndex(), division.getRaftLog().getFlushIndex());
        return flushed < division.getRaftLog().getStartIndex() ? OptionalLong.empty() : OptionalLong.of(flushed);
    }
}
