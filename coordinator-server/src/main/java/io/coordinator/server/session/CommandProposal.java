package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.server.propose.Proposal;
import java.util.List;

/** The commands of one client frame on their way through the log. */
final class CommandProposal implements Proposal {
    private final ClientStream stream;
    private final Admission.Admitted admitted;

    CommandProposal(ClientStream stream, Admission.Admitted admitted) {
        this.stream = stream;
        this.admitted = admitted;
    }

    @Override
    public List<Command> commands() {
        return admitted.commands();
    }

    @Override
    public void applied(int from, List<Reply> replies) {
        stream.applied(admitted.translate(from, replies));
    }

    @Override
    public void failed() {
        stream.leadershipLost();
    }
}
