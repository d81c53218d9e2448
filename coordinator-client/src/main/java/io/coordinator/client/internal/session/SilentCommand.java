package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;

/** A command of the SDK's own that no caller waits for. */
public final class SilentCommand extends CommandCall {
    private static final int BYTES = 16;

    private final Runnable answered;

    private SilentCommand(Command.Builder envelope, int bytes, Runnable answered) {
        super(envelope, bytes);
        this.answered = answered;
        persistent();
    }

    /** Says nothing but what was received. */
    static SilentCommand acknowledge() {
        return of(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()), () -> {});
    }

    /** Ends the session. */
    static SilentCommand close(Runnable answered) {
        return of(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()), answered);
    }

    private static SilentCommand of(SessionCommand.Builder body, Runnable answered) {
        return new SilentCommand(Command.newBuilder().setSession(body), BYTES, answered);
    }

    /**
     * A command that puts something in order in the cluster, whoever may have given up on it.
     *
     * @param answered runs on the loop when it was answered, in whatever way
     */
    public static SilentCommand cleanup(Command.Builder envelope, Session session, Runnable answered) {
        SilentCommand call = new SilentCommand(envelope, BYTES, answered);
        call.boundTo(session);
        return call;
    }

    @Override
    protected void onReply(Reply reply) {
        answered.run();
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        answered.run();
    }

    @Override
    protected void onDeadline(CoordinatorException why) {}
}
