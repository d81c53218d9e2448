package io.coordinator.server.net;

import io.coordinator.protocol.NodeStatusReply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What operators may ask of a node. */
public interface NodeControl {
    /** Completes with how the node sees itself, as soon as it has all its parts. */
    CompletableFuture<NodeStatusReply> status();

    /** Completes with the node that leads then. */
    CompletableFuture<String> transferLeadership(Optional<String> to);
}
