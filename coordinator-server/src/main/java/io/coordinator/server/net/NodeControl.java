package io.coordinator.server.net;

import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What operators may ask of a node. */
public interface NodeControl {
    /** Completes with how the node sees itself, as soon as it has all its parts. */
    CompletableFuture<NodeStatusReply> status();

    /**
     * Hands leadership over.
     *
     * @param to empty for any other member
     * @return completes with the node that leads then; fails with a {@link RefusedException} or another failure, and
     *     the old leader goes on
     */
    CompletableFuture<String> transferLeadership(Optional<String> to);

    /**
     * Raises the version of the cluster, or tells what that would do.
     *
     * @return completes with what was found, and an error in it if something stands in the way; fails with a
     *     {@link RefusedException} if this node does not lead, or does so no longer: then the outcome is unknown
     */
    CompletableFuture<FinalizeUpgradeReply> finalizeUpgrade(FinalizeUpgradeRequest request);

    /**
     * Stops the node, after this has completed.
     *
     * @param node the one that is meant
     * @param wholeCluster all nodes are stopped, so that leadership is not handed over
     * @return fails with a {@link RefusedException} if this is another node
     */
    CompletableFuture<Void> stop(String node, boolean wholeCluster);

    /**
     * Changes who is a member.
     *
     * @return completes with the members when the log has the change; fails with a {@link RefusedException}
     */
    CompletableFuture<List<Member>> changeMembers(ChangeMembersRequest request);

    /**
     * Lets a node with a new disk in.
     *
     * @return fails with a {@link RefusedException} if it is not, or not yet
     */
    CompletableFuture<JoinReply> join(JoinRequest request);
}
