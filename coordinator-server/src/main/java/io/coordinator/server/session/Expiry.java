package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.propose.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The verdict over sessions that were silent for longer than their lease. */
final class Expiry implements Proposal {
    private final List<Long> sessions;
    private final List<Command> commands;
    private final LongConsumer again;
    private final Consumer<List<Long>> reaped;

    /**
     * @param again takes a session whose end was refused, to be asked for once more
     * @param reaped takes those that have ended
     */
    Expiry(List<Long> sessions, LongConsumer again, Consumer<List<Long>> reaped) {
        this.reaped = reaped;
        this.sessions = List.copyOf(sessions);
        this.again = again;
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
        List<Long> ended = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            Reply reply = replies.get(i);
            if (reply.hasError()) {
                again.accept(sessions.get(from + i));
            } else if (reply.getSession().getClosed().getExisted()) {
                ended.add(sessions.get(from + i));
            }
        }
        if (!ended.isEmpty()) {
            reaped.accept(ended);
        }
    }

    @Override
    public void failed() {
        // The next leader starts with full leases.
    }
}
