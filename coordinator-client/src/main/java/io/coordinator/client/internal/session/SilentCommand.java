package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import java.util.function.Consumer;

/** A command of the SDK's own that no caller waits for. */
public final class SilentCommand extends CommandCall {
    private static final int BYTES = 16;

    private final Consumer<Boolean> answered;

    /** @param answered told whether the cluster has applied it */
    private SilentCommand(Command.Builder envelope, int bytes, Consumer<Boolean> answered) {
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
        return new SilentCommand(Command.newBuilder().setSession(body), BYTES, applied -> answered.run());
    }

    /**
     * A command that puts something in order in the cluster, whoever may have given up on it.
     *
     * @param answered runs on the loop when it was answered, in whatever way
     */
    public static SilentCommand cleanup(Command.Builder envelope, Session session, Runnable answered) {
        return cleanup(envelope, session, applied -> answered.run());
    }

    /** A command that undoes a request, which the session forgets then. */
    static SilentCommand undo(Command.Builder envelope, Session session, long requestSeq) {
        return undo(envelope, session, requestSeq, () -> {});
    }

    /**
     * A command that undoes a request, which the session forgets then.
     *
     * @param answered runs on the loop when it was answered, in whatever way
     */
    public static SilentCommand undo(Command.Builder envelope, Session session, long requestSeq, Runnable answered) {
        return cleanup(envelope, session, applied -> {
            if (applied) {
                session.undone(requestSeq);
            } else {
                session.drop(requestSeq);
            }
            answered.run();
        });
    }

    private static SilentCommand cleanup(Command.Builder envelope, Session session, Consumer<Boolean> answered) {
        SilentCommand call = new SilentCommand(envelope, BYTES, answered);
        call.boundTo(session);
        return call;
    }

    @Override
    protected void onReply(Reply reply) {
        answered.accept(!reply.hasError());
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        answered.accept(false);
    }

    @Override
    protected void onDeadline(CoordinatorException why) {}
}
