package io.coordinator.server.member;

import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.server.net.RefusedException;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One command of the leader about its cluster, on its way through the log. */
final class ClusterProposal implements Proposal {
    private final Command command;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private ClusterProposal(Command command) {
        this.command = command;
    }

    /** Completes when it was applied; fails with a {@link RefusedException} otherwise. */
    static CompletableFuture<Void> propose(Proposer proposer, ClusterCommand.Builder command) {
        return propose(proposer, Command.newBuilder().setCluster(command).build());
    }

    static CompletableFuture<Void> propose(Proposer proposer, Command command) {
        ClusterProposal proposal = new ClusterProposal(command);
        proposer.offer(proposal);
        return proposal.done;
    }

    @Override
    public List<Command> commands() {
        return List.of(command);
    }

    @Override
    public void applied(int from, List<Reply> replies) {
        Reply reply = replies.get(0);
        if (reply.hasError()) {
            done.completeExceptionally(new RefusedException(reply.getError()));
        } else {
            done.complete(null);
        }
    }

    @Override
    public void failed() {
        done.completeExceptionally(
                new RefusedException(
                        ErrorCode.ENOLEADER,
                        "leadership was lost meanwhile, so whether it was done is unknown; look at the members, and try again"));
    }
}
