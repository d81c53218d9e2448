package io.coordinator.cli.command;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a cluster is, put together from what its nodes say.
 *
 * @param nodes each member once, and each address that turned out to be none, by id
 * @param memberCount how many members the cluster has; 0 if no node answered
 */
public record ClusterReport(List<NodeReport> nodes, int memberCount) {
    public ClusterReport {
        nodes = List.copyOf(nodes);
    }

    /**
     * Puts answers together.
     *
     * @param reports one for each address asked; several can be the same node's
     * @param members the client address of each member, by id
     */
    static ClusterReport of(Collection<NodeReport> reports, Map<String, String> members) {
        Map<String, String> idByAddress = new HashMap<>();
        members.forEach((id, address) -> idByAddress.put(address, id));
        Map<String, NodeReport> unique = new HashMap<>();
        for (NodeReport report : reports) {
            NodeReport named =
                    report.node().isEmpty() ? report.named(idByAddress.getOrDefault(report.address(), "")) : report;
            unique.merge(
                    named.node().isEmpty() ? named.address() : named.node(),
                    named,
                    (one, other) -> one.status().isPresent() ? one : other);
        }
        List<NodeReport> sorted = new ArrayList<>(unique.values());
        sorted.sort(Comparator.comparing(NodeReport::node).thenComparing(NodeReport::address));
        return new ClusterReport(sorted, members.size());
    }

    /**
     * The node that leads in the highest term, if there is one; an old leader that was cut off can still think it
     * leads.
     */
    public Optional<NodeStatusReply> leader() {
        return answers()
                .filter(status -> status.getRole() == Role.LEADER)
                .max(Comparator.comparingLong(NodeStatusReply::getTerm));
    }

    /** Whether a leader serves clients and a majority of the members follows it. */
    boolean hasQuorum() {
        return leader().filter(NodeStatusReply::getServing)
                .filter(leader -> 2 * followersOf(leader) > memberCount)
                .isPresent();
    }

    private long followersOf(NodeStatusReply leader) {
        return answers()
                .filter(status -> status.getTerm() == leader.getTerm()
                        && status.getLeader().equals(leader.getNode()))
                .count();
    }

    /** Whether replicas disagree on the state at the same index: the one thing that must never be. */
    boolean diverged() {
        Map<Long, Long> digests = new HashMap<>();
        return answers().anyMatch(status -> {
            Long other = digests.putIfAbsent(status.getDigestIndex(), status.getDigest());
            return status.getDigestMismatches() > 0 || (other != null && other != status.getDigest());
        });
    }

    /** How many committed entries a node has not applied. */
    long lag(NodeStatusReply status) {
        long committed =
                answers().mapToLong(NodeStatusReply::getCommittedIndex).max().orElse(0);
        return Math.max(0, committed - status.getAppliedIndex());
    }

    long reachable() {
        return answers().count();
    }

    private Stream<NodeStatusReply> answers() {
        return nodes.stream().flatMap(node -> node.status().stream());
    }
}
