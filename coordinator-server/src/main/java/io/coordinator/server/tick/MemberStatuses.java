package io.coordinator.server.tick;

import io.coordinator.protocol.NodeStatusReply;
import java.util.concurrent.CompletableFuture;

/** Asks other members how they see themselves. */
public interface MemberStatuses {
    /**
     * Asks one.
     *
     * @return fails if it does not answer
     */
    CompletableFuture<NodeStatusReply> status(String clientAddress);
}
