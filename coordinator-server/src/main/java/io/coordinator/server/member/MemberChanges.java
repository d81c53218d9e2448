package io.coordinator.server.member;

import io.coordinator.protocol.AddMember;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.DropMember;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.MoveMember;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.PutMember;
import io.coordinator.protocol.ReplaceMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.net.MemberCalls;
import io.coordinator.server.net.RefusedException;
import io.coordinator.server.raft.PeerName;
import io.coordinator.state.cluster.ClusterView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What operators and arriving nodes ask of the leader. It refuses with the reason what would cost the quorum or rests
 * on a mistake; what it takes goes into the log, and {@link MemberKeeper} makes it true.
 */
public final class MemberChanges {
    private static final long RETRY_MILLIS = 500;
    private static final long ANSWER_MILLIS = 3_000;

    private final String cluster;
    private final MemberLeadership leadership;
    private final MemberKeeper keeper;
    private final MemberCalls calls;
    private final Joins joins;
    private CompletableFuture<?> turn = CompletableFuture.completedFuture("");

    /**
     * What can be asked of a node.
     *
     * @param cluster its name
     * @param group of the Raft group, if it is not that of the cluster's name; else empty
     */
    public MemberChanges(
            String cluster, MemberLeadership leadership, MemberKeeper keeper, MemberCalls calls, String group) {
        this.cluster = cluster;
        this.leadership = leadership;
        this.keeper = keeper;
        this.calls = calls;
        this.joins = new Joins(cluster, leadership, group);
    }

    /** The nodes that wait to be added, as this node has heard while it leads. */
    public List<Member> waiting() {
        return joins.waiting();
    }

    /**
     * What an operator asks for.
     *
     * @return completes when the log has it; fails with a {@link RefusedException}
     */
    public CompletableFuture<Void> change(ChangeMembersRequest request) {
        return inTurn(() -> {
            requireLeader();
            CompletableFuture<ClusterCommand.Builder> command = switch (request.getChangeCase()) {
                case ADD -> add(request.getAdd(), false, "");
                case PROMOTE -> done(promote(request.getPromote().getNode()));
                case REMOVE -> done(remove(request.getRemove().getNode()));
                case REPLACE -> replace(request.getReplace());
                case MOVE -> move(request.getMove());
                case CHANGE_NOT_SET ->
                    throw new RefusedException(
                            ErrorCode.EUNKNOWN, "the change of members is unknown to this version; upgrade");
            };
            return command.thenCompose(found -> ClusterProposal.propose(
                    leadership.proposer(), found.setActor(request.getActor()).setReason(request.getReason())));
        });
    }

    /** One after the other: two that are right each by itself could take the last two votes together. */
    private synchronized <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> change) {
        CompletableFuture<T> mine = turn.handle((done, failure) -> "").thenCompose(before -> change.get());
        turn = mine;
        return mine;
    }

    private static CompletableFuture<ClusterCommand.Builder> done(ClusterCommand.Builder command) {
        return CompletableFuture.completedFuture(command);
    }

    private ClusterView requireLeader() {
        if (!leadership.leads()) {
            throw new RefusedException(Error.newBuilder()
                    .setCode(ErrorCode.ENOTLEADER)
                    .setMessage(leadership.node() + " does not lead; ask the leader")
                    .setLeaderAddress(leadership
                            .log()
                            .status()
                            .leader()
                            .map(leadership.members()::clientOf)
                            .orElse(""))
                    .build());
        }
        ClusterView view = leadership.members().cluster();
        if (!view.isFounded()) {
            throw busy("the members are not in the log yet; if this cluster was upgraded, finish that with 'coordinator"
                    + " upgrade finalize', else try again in a moment");
        }
        return view;
    }

    static RefusedException busy(String message) {
        return new RefusedException(Error.newBuilder()
                .setCode(ErrorCode.EBUSY)
                .setMessage(message)
                .setRetryAfterMillis(RETRY_MILLIS)
                .build());
    }

    private static RefusedException refused(String message) {
        return new RefusedException(ErrorCode.EINVAL, message);
    }

    private MemberRow require(ClusterView view, String node) {
        return view.find(node)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.EKEYNOTFOUND,
                        "there is no member '" + node + "'; the members are "
                                + String.join(
                                        ", ",
                                        view.members().stream()
                                                .map(MemberRow::getNode)
                                                .toList())));
    }

    private CompletableFuture<ClusterCommand.Builder> add(AddMember add, boolean promote, String replaces) {
        ClusterView view = requireLeader();
        String node = add.getNode();
        if (view.find(node).isPresent()) {
            throw refused(node + " is a member already; 'coordinator member list' shows them");
        }
        String address =
                add.getClientAddress().isEmpty() ? joins.addressOf(node) : requireAddress(add.getClientAddress());
        if (address.isEmpty()) {
            throw refused(node + " has not been heard of. Start it with an empty data directory and this cluster's"
                    + " members in its configuration, then add it; or say where its client port is");
        }
        return ask(node, address).thenApply(status -> {
            if (status.getAdmitted()) {
                throw refused(node + " at " + address
                        + " has data of its own and takes part in a cluster already; empty its data directory first");
            }
            return put(
                    MemberRow.newBuilder()
                            .setNode(node)
                            .setIncarnation(view.lastIncarnation() + 1)
                            .setDisk(status.getDisk())
                            .setPeerAddress(status.getPeerAddress())
                            .setClientAddress(address)
                            .setSpare(add.getSpare())
                            .setPromote(promote || add.getPromote())
                            .setReplaces(replaces)
                            .setMoves(1),
                    replaces.isEmpty() ? "add" : "add to replace " + replaces);
        });
    }

    static ClusterCommand.Builder put(MemberRow.Builder row, String action) {
        return ClusterCommand.newBuilder()
                .setPutMember(PutMember.newBuilder().setMember(row).setAction(action));
    }

    private static String requireAddress(String address) {
        try {
            return HostPort.parse(address).toString();
        } catch (IllegalArgumentException e) {
            throw refused("'" + address + "' is no address: " + e.getMessage());
        }
    }

    /** A node is asked before it is counted upon: one that does not run would be a voter that is missing. */
    private CompletableFuture<NodeStatusReply> ask(String node, String address) {
        return calls.status(address)
                .orTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                .handle((status, failure) -> {
                    if (failure != null) {
                        throw refused(node + " does not answer at " + address + " (" + why(failure)
                                + "); start it first, and see that this node can reach it");
                    }
                    if (!status.getCluster().equals(cluster)
                            || !status.getNode().equals(node)) {
                        throw new RefusedException(
                                ErrorCode.EMISMATCH,
                                "at " + address + " is " + status.getNode() + " of cluster '" + status.getCluster()
                                        + "', not " + node + " of '" + cluster + "'");
                    }
                    if (Integer.compareUnsigned(
                                    status.getCoreVersion(),
                                    leadership.activeVersion().get())
                            < 0) {
                        throw new RefusedException(
                                ErrorCode.EMISMATCH,
                                node + " knows versions of the core up to " + status.getCoreVersion()
                                        + ", and this cluster is at "
                                        + leadership.activeVersion().get() + "; install a newer version there");
                    }
                    return status;
                });
    }

    private static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? "not within " + TimeUnit.MILLISECONDS.toSeconds(ANSWER_MILLIS) + " s"
                : String.valueOf(cause.getMessage());
    }

    private ClusterCommand.Builder promote(String node) {
        MemberRow row = require(requireLeader(), node);
        if (row.getVoter()) {
            throw refused(node + " has a vote already");
        }
        long lag = keeper.lag(row).orElse(Long.MAX_VALUE);
        if (lag > MemberKeeper.LAG_MAX || !leadership.isAlive(MemberKeeper.peer(row))) {
            throw busy(node + " has not caught up: it is "
                    + (lag == Long.MAX_VALUE ? "not to be reached" : lag + " entries behind") + ", and may be at most "
                    + MemberKeeper.LAG_MAX + "; try again when it is nearer");
        }
        return MemberKeeper.voter(row, "", "promote");
    }

    private ClusterCommand.Builder remove(String node) {
        ClusterView view = requireLeader();
        MemberRow row = require(view, node);
        if (row.getVoter()) {
            requireQuorumWithout(view, row);
        }
        return ClusterCommand.newBuilder().setDropMember(DropMember.newBuilder().setNode(node));
    }

    /** A member that comes back with a new disk has no vote yet, and its lost disk counts until it has. */
    private void requireQuorumWithout(ClusterView view, MemberRow leaving) {
        Set<String> left = new TreeSet<>(
                MemberKeeper.wanted(view, leadership.group().electorate()).voters());
        left.remove(MemberKeeper.peer(leaving));
        String node = leaving.getNode();
        if (left.isEmpty()) {
            throw refused(node + " is the only one with a vote; add and promote another first");
        }
        List<String> silent = left.stream()
                .filter(peer -> !leadership.isAlive(peer))
                .map(peer -> told(view, peer))
                .toList();
        if ((left.size() - silent.size()) * 2 <= left.size()) {
            throw refused("without " + node + " there would be no majority: of the " + left.size() + " voters left, "
                    + String.join(", ", silent) + " cannot be reached. Bring them back, or replace them first");
        }
    }

    private static String told(ClusterView view, String peer) {
        String node = PeerName.node(peer);
        return view.find(node).map(MemberKeeper::peer).filter(peer::equals).isPresent()
                ? node
                : node + " (the disk that it has lost, until it has caught up with the new one)";
    }

    private CompletableFuture<ClusterCommand.Builder> replace(ReplaceMember replace) {
        ClusterView view = requireLeader();
        MemberRow old = require(view, replace.getOldNode());
        if (!old.getVoter()) {
            throw refused(old.getNode() + " has no vote to hand on; add the new member, and remove this one");
        }
        Optional<MemberRow> present = view.find(replace.getNewNode());
        if (present.isPresent()) {
            MemberRow row = present.get();
            if (row.getVoter()) {
                throw refused(row.getNode() + " has a vote of its own already");
            }
            return done(put(row.toBuilder().setPromote(true).setReplaces(old.getNode()), "replace " + old.getNode()));
        }
        return add(
                AddMember.newBuilder()
                        .setNode(replace.getNewNode())
                        .setClientAddress(replace.getClientAddress())
                        .build(),
                true,
                old.getNode());
    }

    private CompletableFuture<ClusterCommand.Builder> move(MoveMember move) {
        MemberRow row = require(requireLeader(), move.getNode());
        String address = requireAddress(move.getClientAddress());
        return ask(move.getNode(), address).thenApply(status -> {
            if (!status.getDisk().equals(row.getDisk())) {
                throw new RefusedException(
                        ErrorCode.EMISMATCH,
                        move.getNode() + " at " + address + " has another disk than the member; a node whose disk was"
                                + " lost comes back by itself once the lost one is gone for a while");
            }
            // Everything else stays: a member without a vote does not get one by moving (etcd#21694).
            return put(
                    row.toBuilder()
                            .setPeerAddress(status.getPeerAddress())
                            .setClientAddress(address)
                            .setMoves(row.getMoves() + 1),
                    "move");
        });
    }

    /**
     * A node with a new disk asks to be let in.
     *
     * @return fails with a {@link RefusedException}: EBUSY if it shall ask again
     */
    public CompletableFuture<JoinReply> join(JoinRequest request) {
        return inTurn(() -> joins.letIn(requireLeader(), request));
    }
}
