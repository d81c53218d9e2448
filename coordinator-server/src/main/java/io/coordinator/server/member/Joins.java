package io.coordinator.server.member;

import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.MemberRow;
import io.coordinator.server.net.RefusedException;
import io.coordinator.state.cluster.ClusterView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Nodes with new disks that ask to be let in: at once if they were members before, else when an operator adds them. */
final class Joins {
    /** Who has not asked again for so long does not wait any more. */
    private static final long WAITING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int WAITING_MAX = 100;

    private final String cluster;
    private final MemberLeadership leadership;
    private final String group;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    /** A node that asked to be let in. */
    private record Waiting(JoinRequest request, long askedNanos) {}

    /** @param group of the Raft group, if it is not that of the cluster's name; else empty */
    Joins(String cluster, MemberLeadership leadership, String group) {
        this.cluster = cluster;
        this.leadership = leadership;
        this.group = group;
    }

    /** Where clients reach a node that waits, as it said itself; empty if it does not wait. */
    String addressOf(String node) {
        return Optional.ofNullable(waiting.get(node))
                .map(each -> each.request().getClientAddress())
                .orElse("");
    }

    /** The nodes that wait to be added, as this node has heard while it leads. */
    List<Member> waiting() {
        long now = System.nanoTime();
        waiting.values().removeIf(each -> now - each.askedNanos() > WAITING_NANOS);
        return waiting.values().stream()
                .map(Waiting::request)
                .map(request -> Member.newBuilder()
                        .setNode(request.getNode())
                        .setDisk(request.getDisk())
                        .setPeerAddress(request.getPeerAddress())
                        .setClientAddress(request.getClientAddress())
                        .build())
                .toList();
    }

    /** Lets it in, or says why not. */
    CompletableFuture<JoinReply> letIn(ClusterView view, JoinRequest request) {
        if (!request.getCluster().equals(cluster)) {
            throw new RefusedException(
                    ErrorCode.EMISMATCH, "this is cluster '" + cluster + "', not '" + request.getCluster() + "'");
        }
        int active = leadership.activeVersion().get();
        if (Integer.compareUnsigned(request.getCoreVersion(), active) < 0) {
            throw new RefusedException(
                    ErrorCode.EMISMATCH,
                    "this cluster is at version " + active + " of the core, and " + request.getNode()
                            + " knows versions up to " + request.getCoreVersion() + "; install a newer version there");
        }
        String node = request.getNode();
        Optional<MemberRow> row = view.find(node);
        if (row.isEmpty()) {
            if (waiting.containsKey(node) || waiting().size() < WAITING_MAX) {
                waiting.put(node, new Waiting(request, System.nanoTime()));
            }
            throw MemberChanges.busy("an operator to let it in: run 'coordinator member add " + node + "'");
        }
        if (row.get().getDisk().equals(request.getDisk())) {
            waiting.remove(node);
            return CompletableFuture.completedFuture(welcome(view, row.get().getIncarnation()));
        }
        if (leadership.isAlive(MemberKeeper.peer(row.get()))) {
            throw MemberChanges.busy(
                    "another process to end: one with the name " + node + " and another disk is alive at "
                            + leadership.members().peerAddress(MemberKeeper.peer(row.get())));
        }
        return rejoin(view, row.get(), request);
    }

    private CompletableFuture<JoinReply> rejoin(ClusterView view, MemberRow lost, JoinRequest request) {
        int incarnation = view.lastIncarnation() + 1;
        ClusterCommand.Builder command = MemberChanges.put(
                        lost.toBuilder()
                                .setIncarnation(incarnation)
                                .setDisk(request.getDisk())
                                .setVoter(false)
                                .setPromote(lost.getVoter() || lost.getPromote()),
                        "rejoin")
                .setReason("its disk " + lost.getDisk() + " is gone; it comes back with another");
        return ClusterProposal.propose(leadership.proposer(), command).thenApply(done -> welcome(view, incarnation));
    }

    private JoinReply welcome(ClusterView view, int incarnation) {
        return JoinReply.newBuilder()
                .setIncarnation(incarnation)
                .setClusterId(view.id())
                .setGroup(group)
                .build();
    }
}
