package io.coordinator.client.cluster;

import java.util.concurrent.CompletionStage;

/** As {@link ClusterMembers}, with stages that fail where that throws. */
public interface AsyncClusterMembers {
    /** See {@link ClusterMembers#by}. */
    AsyncClusterMembers by(String actor, String reason);

    /** See {@link ClusterMembers#list}. */
    CompletionStage<MemberListing> list();

    /** See {@link ClusterMembers#acts}. */
    CompletionStage<AdminActPage> acts(long before, int limit);

    /** See {@link ClusterMembers#add}. */
    CompletionStage<Void> add(NewMember member);

    /** See {@link ClusterMembers#promote}. */
    CompletionStage<Void> promote(String node);

    /** See {@link ClusterMembers#remove}. */
    CompletionStage<Void> remove(String node);

    /** See {@link ClusterMembers#replace}. */
    CompletionStage<Void> replace(String oldNode, String newNode, String clientAddress);

    /** See {@link ClusterMembers#move}. */
    CompletionStage<Void> move(String node, String clientAddress);
}
