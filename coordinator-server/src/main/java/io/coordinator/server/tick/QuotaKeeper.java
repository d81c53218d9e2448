package io.coordinator.server.tick;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetQuota;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the quota of the state where it belongs: as configured, or at half of the heap of the smallest member that has
 * told. The leader proposes a new quota when it is another one; what it is, is part of the replicated state.
 */
public final class QuotaKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaKeeper.class);

    private final long configuredBytes;
    private final MemberSurvey survey;
    private final Proposer proposer;
    private final Replica replica;

    private QuotaKeeper(long configuredBytes, MemberSurvey survey, Proposer proposer, Replica replica) {
        this.configuredBytes = configuredBytes;
        this.survey = survey;
        this.proposer = proposer;
        this.replica = replica;
    }

    /**
     * Looks whenever members have told something.
     *
     * @param configuredBytes 0 derives the quota from the members' heap
     */
    public static void follow(MemberSurvey survey, long configuredBytes, Proposer proposer, Replica replica) {
        survey.follow(new QuotaKeeper(configuredBytes, survey, proposer, replica)::propose);
    }

    private void propose() {
        long wanted = configuredBytes != 0 ? configuredBytes : smallestHeap() / 2;
        if (proposer.isOpen() && replica.status().stateBytesMax() != wanted) {
            LOG.info("the state may take {} bytes of heap from now on", wanted);
            proposer.offer(new NewQuota(wanted));
        }
    }

    private long smallestHeap() {
        return survey.known().stream()
                .mapToLong(NodeStatusReply::getHeapMaxBytes)
                .filter(bytes -> bytes > 0)
                .min()
                .orElseGet(() -> Runtime.getRuntime().maxMemory());
    }

    private record NewQuota(long bytes) implements Proposal {
        @Override
        public List<Command> commands() {
            return List.of(Command.newBuilder()
                    .setSession(SessionCommand.newBuilder()
                            .setSetQuota(SetQuota.newBuilder().setStateBytesMax(bytes)))
                    .build());
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            // The state has it now.
        }

        @Override
        public void failed() {
            // The next leader looks by itself.
        }
    }
}
