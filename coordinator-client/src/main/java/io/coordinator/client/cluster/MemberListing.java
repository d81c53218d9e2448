package io.coordinator.client.cluster;

import java.util.List;

/**
 * Who is in the cluster.
 *
 * @param clusterId the id that the cluster was founded with; empty until it was
 * @param members in the order of their names; empty until the cluster was founded
 */
public record MemberListing(String clusterId, List<MemberInfo> members) {
    public MemberListing {
        members = List.copyOf(members);
    }
}
