package io.coordinator.server.tick;

import io.coordinator.protocol.NodeStatusReply;
import java.util.concurrent.CompletableFuture;

/** Asks members how they see themselves. */
@FunctionalInterface
public interface MemberStatuses {
    /**
     * Asks one; never blocks.
     *
     * @param clientAddress of the member
     * @return what it says; fails if it does not answer
     */
    CompletableFuture<NodeStatusReply> ask(String clientAddress);
}
