package io.coordinator.testing;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the nodes that answered say of themselves, at about the same time. */
record Statuses(List<NodeStatusReply> replies) {

    /** The node that serves as leader of the latest term that any node knows. */
    Optional<String> leader() {
        long term = replies.stream().mapToLong(NodeStatusReply::getTerm).max().orElse(0);
        return replies.stream()
                .filter(reply -> reply.getRole() == Role.LEADER && reply.getServing() && reply.getTerm() == term)
                .max(Comparator.comparingLong(NodeStatusReply::getTerm))
                .map(NodeStatusReply::getNode);
    }
}
