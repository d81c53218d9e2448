package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way. It gets its sequence number when it is first handed to a stream, and from then on keeps its
 * place until a reply comes or the session ends, even if its caller has given up: numbers must stay contiguous.
 */
public abstract class CommandCall extends Call {
    private final Command.Builder envelope;
    private @Nullable Command message;
    private long seq;
    private boolean persistent;
    private @Nullable Session boundTo;

    /** When it was last handed to a stream. */
    long sentNanos;

    /**
     * A command.
     *
     * @param envelope the body and the guard; session and number are filled in when it is sent
     */
    protected CommandCall(Command.Builder envelope, int bytes) {
        super(bytes);
        this.envelope = envelope;
    }

    /** Sends it however long that takes, even when its caller's deadline has passed or the cluster is busy. */
    public final CommandCall persistent() {
        persistent = true;
        return this;
    }

    /** Only this session makes sense of it; if that ends, it is not sent. */
    public final CommandCall boundTo(Session session) {
        boundTo = session;
        return this;
    }

    /** Its number; 0 until it is first sent. */
    public final long seq() {
        return seq;
    }

    /** The command as it was built; for messages of failures. */
    protected final Command.Builder envelope() {
        return envelope;
    }

    @Override
    final boolean isPersistent() {
        return persistent;
    }

    final boolean mayBeSentIn(Session session) {
        return boundTo == null || boundTo == session;
    }

    /** Whether it makes sense without a session that has ended. */
    final boolean mayBeSentAfter(Session gone) {
        return boundTo != gone;
    }

    /** The cluster was too busy to apply it, which used up its number: it must go again under a new one. */
    final void forgetNumber() {
        seq = 0;
        message = null;
    }

    final boolean isSequenced() {
        return seq != 0;
    }

    final Command sequence(Session session, long newSeq, long ackedSeq, long ackedEvent) {
        seq = newSeq;
        Command sequenced = envelope.setSessionId(session.id())
                .setSeq(newSeq)
                .setAckedSeq(ackedSeq)
                .setAckedEvent(ackedEvent)
                .build();
        message = sequenced;
        onSequenced(session, newSeq);
        return sequenced;
    }

    /**
     * The same command once more. What it acknowledges is what has been received by now: the cluster may have turned it
     * back because that was too little.
     */
    final Command again(long ackedSeq, long ackedEvent) {
        if (message == null) {
            throw new IllegalStateException("not sequenced yet");
        }
        Command renewed = message.toBuilder()
                .setAckedSeq(ackedSeq)
                .setAckedEvent(ackedEvent)
                .build();
        message = renewed;
        return renewed;
    }

    /** Every reply up to this number had come when it was last sent. */
    final long ackedSeq() {
        return message == null ? 0 : message.getAckedSeq();
    }

    /** It is about to be sent for the first time. */
    protected void onSequenced(Session session, long seq) {}

    /** The one reply. */
    protected abstract void onReply(Reply reply);

    /**
     * The caller's deadline has passed, but the command keeps its place: a reply or a failure will follow. Not called
     * for a command that was never sent and is withdrawn; that one fails.
     */
    protected abstract void onDeadline(CoordinatorException why);
}
