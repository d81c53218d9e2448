package io.coordinator.server.net;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What operators may ask of a node. */
public interface NodeControl {
    /** Completes with how the node sees itself, as soon as it has all its parts. */
    CompletableFuture<NodeStatusReply> status(NodeStatusRequest request);

    /**
     * Hands leadership over.
     *
     * @param to empty for any other member
     * @return completes with the node that leads then; fails with a {@link RefusedException} or another failure, and
     *     the old leader goes on
     */
    CompletableFuture<String> transferLeadership(Optional<String> to);
}
