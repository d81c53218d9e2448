package io.coordinator.server.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node lets go of leadership. */
final class LeadershipTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipTransfer.class);
    private static final Duration STEP_DOWN_TIMEOUT = Duration.ofSeconds(3);

    private final RaftServer server;
    private final RaftGroupMemberId member;
    private final ClientId clientId;
    private final LongSupplier callIds;

    /** @param callIds a new one each time */
    LeadershipTransfer(RaftServer server, RaftGroupMemberId member, ClientId clientId, LongSupplier callIds) {
        this.server = server;
        this.member = member;
        this.clientId = clientId;
        this.callIds = callIds;
    }

    /** Hands it over; completes when the other leads, exceptionally if it does not within the time. */
    CompletableFuture<Void> to(RaftPeerId heir, Duration timeout) {
        return request(heir, timeout);
    }

    /** Lets whoever is elected take it. */
    void stepDown() {
        var unused = request(null, STEP_DOWN_TIMEOUT).exceptionally(failure -> {
            LOG.warn("this node could not step down", failure);
            return null;
        });
    }

    private CompletableFuture<Void> request(@Nullable RaftPeerId heir, Duration timeout) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                clientId, member.getPeerId(), member.getGroupId(), callIds.getAsLong(), heir, timeout.toMillis());
        try {
            return server.transferLeadershipAsync(request).thenCompose(LeadershipTransfer::requireSuccess);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Void> requireSuccess(RaftClientReply reply) {
        return reply.isSuccess()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(reply.getException());
    }
}
