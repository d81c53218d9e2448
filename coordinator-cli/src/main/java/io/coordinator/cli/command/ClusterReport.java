package io.coordinator.cli.command;

import io.coordinator.protocol.Member;
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

    /** Whether a leader serves clients and a majority of those with a vote follows it. */
    boolean hasQuorum() {
        return leader().filter(NodeStatusReply::getServing)
                .filter(leader -> 2 * followersOf(leader) > voterCount(leader))
                .isPresent();
    }

    private long voterCount(NodeStatusReply leader) {
        long voters = leader.getMembersList().stream().filter(Member::getVoter).count();
        return voters == 0 ? memberCount : voters;
    }

    /** A leader of an older version tells nobody's part: all have a vote there. */
    private static boolean votes(NodeStatusReply leader, String node) {
        return leader.getMembersList().stream().noneMatch(Member::getVoter)
                || leader.getMembersList().stream()
                        .anyMatch(
                                member -> member.getVoter() && member.getNode().equals(node));
    }

    /** A node as the leader has it; empty if there is no leader, or to it the node is no member. */
    Optional<Member> member(String node) {
        return leader().stream()
                .flatMap(leader -> leader.getMembersList().stream())
                .filter(member -> member.getNode().equals(node))
                .findFirst();
    }

    /** The nodes that wait to be added. */
    List<Member> waiting() {
        return leader().map(NodeStatusReply::getWaitingList).orElse(List.of());
    }

    /** What a node says that is not what the cluster's log says, and what to do; empty if it fits. */
    Optional<String> contradiction(NodeReport node) {
        Optional<NodeStatusReply> leads =
                leader().filter(leader -> !leader.getClusterId().isEmpty());
        Optional<NodeStatusReply> status = node.status();
        if (leads.isEmpty() || status.isEmpty()) {
            return Optional.empty();
        }
        String id = status.get().getClusterId();
        if (!id.isEmpty() && !id.equals(leads.get().getClusterId())) {
            return Optional.of(node.node() + " has data of another cluster, with the id " + id
                    + "; start it with an empty data directory");
        }
        Optional<Member> row = member(node.node());
        if (row.isEmpty()) {
            return Optional.of(node.node() + " is no member; let it in with 'coordinator member add " + node.node()
                    + "', or stop it");
        }
        if (!status.get().getDisk().isEmpty()
                && !row.get().getDisk().equals(status.get().getDisk())) {
            return Optional.of(node.node() + " runs with another data directory than the member of that name; it is"
                    + " let in when that one is gone, so end the other process if both run");
        }
        return Optional.empty();
    }

    private long followersOf(NodeStatusReply leader) {
        return answers()
                .filter(status -> votes(leader, status.getNode())
                        && status.getTerm() == leader.getTerm()
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
