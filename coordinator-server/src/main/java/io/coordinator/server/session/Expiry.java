package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.propose.Proposal;
import java.util.List;

/** The verdict over sessions that were silent for longer than their lease. */
final class Expiry implements Proposal {
    private final List<Command> commands;

    Expiry(List<Long> sessions) {
        commands = sessions.stream().map(Expiry::command).toList();
    }

    private static Command command(long session) {
        return Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setExpire(ExpireSession.newBuilder().setSessionId(session)))
                .build();
    }

    @Override
    public List<Command> commands() {
        return commands;
    }

    @Override
    public void applied(int from, List<Reply> replies) {
        // What ends with the sessions is delivered like any other effect.
    }

    @Override
    public void failed() {
        // The next leader starts with full leases.
    }
}
