package io.coordinator.state.cluster;

import io.coordinator.protocol.MemberRow;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as its log knows it. Immutable.
 *
 * @param id empty until it was founded
 * @param members in the order of their names
 * @param lastIncarnation the highest that a member has had
 * @param formerGroups the Raft groups of the clusters that this one was made of
 */
public record ClusterView(String id, List<MemberRow> members, int lastIncarnation, List<String> formerGroups) {
    /** Of a cluster that was not founded yet. */
    public static final ClusterView NONE = new ClusterView("", List.of(), 0, List.of());

    /** Whether the log knows the cluster's members; before, only the nodes' configuration does. */
    public boolean isFounded() {
        return !id.isEmpty();
    }

    /** The member of that name. */
    public Optional<MemberRow> find(String node) {
        return members.stream().filter(member -> member.getNode().equals(node)).findFirst();
    }

    /** Those with a vote. */
    public List<MemberRow> voters() {
        return members.stream().filter(MemberRow::getVoter).toList();
    }
}
