package io.coordinator.client.internal.node;

import io.coordinator.client.cluster.AdminActPage;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.MemberListing;
import io.coordinator.client.cluster.NewMember;
import io.coordinator.client.internal.async.Await;
import java.util.Objects;

/** The members, for those who wait. */
public record BlockingMembers(MemberAsker asker) implements ClusterMembers {
    @Override
    public ClusterMembers by(String actor, String reason) {
        return new BlockingMembers(
                asker.by(Objects.requireNonNull(actor, "actor"), Objects.requireNonNull(reason, "reason")));
    }

    @Override
    public MemberListing list() {
        return Await.result(asker.list());
    }

    @Override
    public AdminActPage acts(long before, int limit) {
        return Await.result(asker.acts(before, limit));
    }

    @Override
    public void add(NewMember member) {
        Await.result(asker.add(member));
    }

    @Override
    public void promote(String node) {
        Await.result(asker.promote(node));
    }

    @Override
    public void remove(String node) {
        Await.result(asker.remove(node));
    }

    @Override
    public void replace(String oldNode, String newNode, String clientAddress) {
        Await.result(asker.replace(oldNode, newNode, clientAddress));
    }

    @Override
    public void move(String node, String clientAddress) {
        Await.result(asker.move(node, clientAddress));
    }
}
