package io.coordinator.client.internal.node;

import io.coordinator.client.cluster.AdminActPage;
import io.coordinator.client.cluster.AsyncClusterMembers;
import io.coordinator.client.cluster.MemberListing;
import io.coordinator.client.cluster.NewMember;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** The members, for those who want stages. */
public record StagedMembers(MemberAsker asker) implements AsyncClusterMembers {
    @Override
    public AsyncClusterMembers by(String actor, String reason) {
        return new StagedMembers(
                asker.by(Objects.requireNonNull(actor, "actor"), Objects.requireNonNull(reason, "reason")));
    }

    @Override
    public CompletionStage<MemberListing> list() {
        return asker.list();
    }

    @Override
    public CompletionStage<AdminActPage> acts(long before, int limit) {
        return asker.acts(before, limit);
    }

    @Override
    public CompletionStage<Void> add(NewMember member) {
        return asker.add(member);
    }

    @Override
    public CompletionStage<Void> promote(String node) {
        return asker.promote(node);
    }

    @Override
    public CompletionStage<Void> remove(String node) {
        return asker.remove(node);
    }

    @Override
    public CompletionStage<Void> replace(String oldNode, String newNode, String clientAddress) {
        return asker.replace(oldNode, newNode, clientAddress);
    }

    @Override
    public CompletionStage<Void> move(String node, String clientAddress) {
        return asker.move(node, clientAddress);
    }
}
