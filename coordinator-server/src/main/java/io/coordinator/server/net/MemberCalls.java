package io.coordinator.server.net;

import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.NodeStatusReply;
import java.util.concurrent.CompletableFuture;

/** What a node asks others at their client ports; never blocks. */
public interface MemberCalls {
    /** How a node sees itself; fails if it does not answer. */
    CompletableFuture<NodeStatusReply> status(String clientAddress);

    /** To be let in; the answer can be a refusal, and fails if there is none. */
    CompletableFuture<JoinReply> join(String clientAddress, JoinRequest request);
}
