package io.coordinator.client.internal.node;

import io.coordinator.client.cluster.AdminAct;
import io.coordinator.client.cluster.AdminActPage;
import io.coordinator.client.cluster.MemberInfo;
import io.coordinator.client.cluster.MemberListing;
import io.coordinator.client.cluster.NewMember;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.ActList;
import io.coordinator.protocol.AddMember;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.ClusterQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ListActs;
import io.coordinator.protocol.ListMembers;
import io.coordinator.protocol.MemberList;
import io.coordinator.protocol.MoveMember;
import io.coordinator.protocol.PromoteMember;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RemoveNode;
import io.coordinator.protocol.ReplaceMember;
import io.coordinator.protocol.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Questions about the members and changes of them, for calls of one kind.
 *
 * @param actor who asks
 * @param reason why; empty if nobody says
 */
public record MemberAsker(Calls calls, Nodes nodes, String actor, String reason) {
    private static final TypeEnvelope<ClusterCommand, ClusterQuery> CLUSTER = new TypeEnvelope<>(
            Command.Builder::setCluster,
            Reply.OutcomeCase.CLUSTER,
            Query.Builder::setCluster,
            Answer.OutcomeCase.CLUSTER);

    /** The same for somebody. */
    public MemberAsker by(String who, String why) {
        return new MemberAsker(calls, nodes, who, why);
    }

    /** The members. */
    public Promise<MemberListing> list() {
        ClusterQuery question = ClusterQuery.newBuilder()
                .setMembers(ListMembers.getDefaultInstance())
                .build();
        return calls.query(CLUSTER, () -> question, MemberAsker::listing);
    }

    private static MemberListing listing(Answer answer) {
        MemberList list = answer.getCluster().getMembers();
        return new MemberListing(
                list.getClusterId(),
                list.getMembersList().stream()
                        .map(row -> new MemberInfo(
                                row.getNode(),
                                row.getIncarnation(),
                                row.getDisk(),
                                row.getPeerAddress(),
                                row.getClientAddress(),
                                row.getVoter(),
                                row.getSpare(),
                                row.getPromote(),
                                row.getReplaces(),
                                row.getSinceDateMillis()))
                        .toList());
    }

    /** A page of the trail. */
    public Promise<AdminActPage> acts(long before, int limit) {
        return calls.promises().attempt(() -> {
            Arguments.notNegative("before", before);
            Arguments.positive("limit", limit);
            ClusterQuery question = ClusterQuery.newBuilder()
                    .setActs(ListActs.newBuilder().setBefore(before).setLimit(limit))
                    .build();
            return calls.query(CLUSTER, () -> question, MemberAsker::page);
        });
    }

    private static AdminActPage page(Answer answer) {
        ActList list = answer.getCluster().getActs();
        return new AdminActPage(
                list.getActsList().stream()
                        .map(act -> new AdminAct(
                                act.getNumber(),
                                act.getIndex(),
                                act.getDateMillis(),
                                act.getActor(),
                                act.getAction(),
                                act.getSubject(),
                                act.getReason()))
                        .toList(),
                list.getMore());
    }

    /** A node comes in. */
    public Promise<@Nullable Void> add(NewMember member) {
        return change(request -> request.setAdd(AddMember.newBuilder()
                .setNode(member.node())
                .setClientAddress(Text.wellFormed("clientAddress", member.clientAddress()))
                .setSpare(member.spare())
                .setPromote(member.voter())));
    }

    /** A member gets a vote. */
    public Promise<@Nullable Void> promote(String node) {
        return change(request -> request.setPromote(PromoteMember.newBuilder().setNode(Text.name("node", node))));
    }

    /** A member goes. */
    public Promise<@Nullable Void> remove(String node) {
        return change(request -> request.setRemove(RemoveNode.newBuilder().setNode(Text.name("node", node))));
    }

    /** One member gets the vote of another. */
    public Promise<@Nullable Void> replace(String oldNode, String newNode, String clientAddress) {
        return change(request -> request.setReplace(ReplaceMember.newBuilder()
                .setOldNode(Text.name("oldNode", oldNode))
                .setNewNode(Text.name("newNode", newNode))
                .setClientAddress(Text.wellFormed("clientAddress", clientAddress))));
    }

    /** A member is somewhere else. */
    public Promise<@Nullable Void> move(String node, String clientAddress) {
        return change(request -> request.setMove(MoveMember.newBuilder()
                .setNode(Text.name("node", node))
                .setClientAddress(Text.wellFormed("clientAddress", clientAddress))));
    }

    private Promise<@Nullable Void> change(Consumer<ChangeMembersRequest.Builder> what) {
        return calls.promises().attempt(() -> {
            ChangeMembersRequest.Builder request = ChangeMembersRequest.newBuilder()
                    .setActor(Text.wellFormed("actor", actor))
                    .setReason(Text.wellFormed("reason", reason));
            what.accept(request);
            return nodes.changeMembers(calls.promises(), request.build());
        });
    }
}
