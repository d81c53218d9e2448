package io.coordinator.server.net;

import io.coordinator.protocol.NodeStatusReply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What operators may ask of a node. */
public interface NodeControl {
    NodeStatusReply status();

    /** Completes with the node that leads then. */
    CompletableFuture<String> transferLeadership(Optional<String> to);
}
