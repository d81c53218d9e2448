package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.server.propose.Proposal;
import java.util.ArrayList;
import java.util.List;

/** The commands of one client frame on their way through the log. */
final class CommandProposal implements Proposal {
    private static final Error NOT_APPLIED = SessionRefusals.of(
            ErrorCode.EBUSY,
            "this command was refused when it was first sent and was not applied; send it again as a new one");

    private final CommandIntake intake;
    private final List<CommandIntake.Proposed> proposed;
    private final List<Command> commands;
    private final long partBytes;

    CommandProposal(CommandIntake intake, List<CommandIntake.Proposed> proposed, long partBytes) {
        this.intake = intake;
        this.proposed = proposed;
        this.commands = proposed.stream().map(CommandIntake.Proposed::command).toList();
        this.partBytes = partBytes;
    }

    @Override
    public List<Command> commands() {
        return commands;
    }

    @Override
    public long partBytes() {
        return partBytes;
    }

    @Override
    public void applied(int from, List<Reply> replies) {
        List<Reply> told = new ArrayList<>(replies.size());
        boolean standIn = false;
        for (int i = 0; i < replies.size(); i++) {
            CommandIntake.Proposed command = proposed.get(from + i);
            standIn |= command.standIn().isPresent();
            tell(command, replies.get(i), told);
        }
        intake.applied(told, standIn);
    }

    @Override
    public void failed() {
        intake.leadershipLost();
    }

    /** Adds what the client is told: first of the refused commands whose numbers this one used up, then of itself. */
    private static void tell(CommandIntake.Proposed command, Reply reply, List<Reply> told) {
        int refused = command.before().size();
        if (refused > 0 && reply.getSkipped() < refused && !isAboutTheWay(reply)) {
            told.add(sendAgain(reply));
            return;
        }
        if (reply.getSkipped() >= refused) {
            for (CommandIntake.Refused before : command.before()) {
                told.add(Reply.newBuilder()
                        .setSeq(before.command().getSeq())
                        .setRevision(reply.getRevision())
                        .setError(before.error())
                        .build());
            }
        }
        told.add(translate(command, reply));
    }

    private static Reply translate(CommandIntake.Proposed command, Reply reply) {
        if (!reply.getSession().hasAcknowledged()) {
            return reply;
        }
        if (command.standIn().isPresent()) {
            return reply.toBuilder().setError(command.standIn().get()).build();
        }
        boolean asked = command.command().getBodyCase() == Command.BodyCase.SESSION;
        return asked ? reply : reply.toBuilder().setError(NOT_APPLIED).build();
    }

    /** The core did nothing: the stream or the session ends. */
    private static boolean isAboutTheWay(Reply reply) {
        ErrorCode code = reply.getError().getCode();
        return code == ErrorCode.EOUTOFORDER || code == ErrorCode.ESESSION;
    }

    /** Another connection has brought some of these numbers to an end of their own: the client must ask for it. */
    private static Reply sendAgain(Reply reply) {
        return Reply.newBuilder()
                .setSeq(reply.getSeq())
                .setError(SessionRefusals.of(
                        ErrorCode.EOUTOFORDER, "earlier commands were dealt with on another connection; send again"))
                .build();
    }
}
