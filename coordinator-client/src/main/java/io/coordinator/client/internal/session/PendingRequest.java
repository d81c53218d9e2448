package io.coordinator.client.internal.session;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * A request that may have to wait in the cluster, from the command to exactly one outcome, which comes with the reply
 * or with a later event. Whoever gives up leaves a cancel behind, which withdraws the waiter or gives back what was
 * granted, whichever the log's order made of it (G-7). Lives on the loop.
 */
public abstract class PendingRequest extends CommandCall implements SessionHolding {
    private final SessionChannel sentThrough;
    private final WaitDeadline waitDeadline = new WaitDeadline();
    private @Nullable Session session;
    private Phase phase = Phase.ASKED;

    private enum Phase {
        /** No reply yet. */
        ASKED,
        /** In line. */
        WAITING,
        /** Granted; the caller has no outcome yet, and can still give up what was granted. */
        GRANTED,
        /** The caller has left; a cancel is on its way. */
        GIVEN_UP,
        /** The caller has its outcome. */
        SETTLED
    }

    /** A request, not sent yet. */
    protected PendingRequest(SessionChannel channel, Command.Builder envelope, int bytes) {
        super(envelope, bytes);
        sentThrough = channel;
    }

    // ---- what a type makes of it ----

    /** What is asked for, in messages. */
    protected abstract String what();

    /** The command that undoes the one of this number. */
    protected abstract Command.Builder undoing(long seq);

    /** The cluster has answered, and not with a refusal. */
    protected abstract void onAnswer(Reply reply);

    /** What was asked for has come, or never will. */
    protected abstract void onNews(Event event);

    /** Something happened to what was granted. */
    protected void onLaterNews(Event event) {}

    /** The caller is told why there is nothing for it. */
    protected abstract void fail(Throwable why);

    /** What a caller is told who has waited for longer than the cluster was to let it wait. */
    protected abstract RequestTimeoutException unheard();

    /** The caller has given up, and the cluster is being told so. */
    protected void onGivenUp() {}

    // ---- for the type, on the loop ----

    /** The session in which it was sent. */
    protected final Session session() {
        if (session == null) {
            throw new IllegalStateException("the outcome of " + what() + " came before it was asked for");
        }
        return session;
    }

    /** Whether there is neither a grant nor an outcome. */
    protected final boolean isOpen() {
        return phase == Phase.ASKED || phase == Phase.WAITING;
    }

    protected final boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    /** Granted, and not handed to the caller yet. */
    protected final boolean isGranted() {
        return phase == Phase.GRANTED;
    }

    /** When a time from now has passed, by the loop's clock. */
    protected final long deadlineIn(long nanos) {
        return sentThrough.loop().deadlineIn(nanos);
    }

    /**
     * It is in line.
     *
     * @param deadlineNanos the end of the caller's patience by the loop's clock; null for ever
     */
    protected final void inLine(@Nullable Long deadlineNanos) {
        phase = Phase.WAITING;
        if (deadlineNanos != null) {
            sentThrough.addDeadline(waitDeadline, deadlineNanos);
        }
    }

    /** What was asked for is there, and this request goes on to look after it. */
    protected final void granted() {
        phase = Phase.GRANTED;
        sentThrough.removeDeadline(waitDeadline);
    }

    /** What was asked for is there, and somebody else looks after it under the same number. */
    protected final void handedOver() {
        phase = Phase.SETTLED;
        sentThrough.removeDeadline(waitDeadline);
    }

    /** The caller has its outcome, and nothing is left in the cluster. */
    protected void settle() {
        handedOver();
        if (session != null) {
            session.drop(seq());
        }
    }

    /** It has its outcome: the caller gets this one. */
    protected final void settleWith(Throwable why) {
        settle();
        fail(why);
    }

    /** The caller leaves without an outcome. */
    protected final void giveUp() {
        if (session == null || phase == Phase.GIVEN_UP || phase == Phase.SETTLED) {
            return;
        }
        phase = Phase.GIVEN_UP;
        sentThrough.removeDeadline(waitDeadline);
        undo();
        onGivenUp();
    }

    /** Has the cluster undo it. */
    protected final void undo() {
        sentThrough.submit(SilentCommand.undo(undoing(seq()), session(), seq()), 0);
    }

    /**
     * Whether its client was closed while the answer was on its way: a grant would end with the session, so that nobody
     * may have it.
     */
    protected final boolean isTooLate() {
        return session().hasEnded();
    }

    /** It was granted {@linkplain #isTooLate too late}. */
    protected final void cameTooLate() {
        settleWith(
                new ClosedException("the client was closed while it asked for " + what() + "; nothing is held", false));
    }

    /** It was granted, but the grant ended before its news came: not "somebody else has it", since nobody may. */
    protected final void cameAndWent() {
        giveUp();
        fail(new RequestTimeoutException(
                what() + " was granted, but the news of it came after the grant had ended; nothing is held, and nothing"
                        + " was done, so ask again",
                false,
                null));
    }

    // ---- its life ----

    /** The caller has cancelled; on any thread. */
    public final void cancel() {
        sentThrough.loop().run(() -> {
            if (session == null) {
                phase = Phase.SETTLED;
                sentThrough.withdraw(this);
            } else {
                giveUp();
            }
        });
    }

    @Override
    protected final void onSequenced(Session current, long seq) {
        session = current;
        current.hold(seq, this);
    }

    @Override
    protected final void onReply(Reply reply) {
        if (phase != Phase.ASKED) {
            return; // An event told the outcome before, or the caller has left.
        }
        if (reply.hasError()) {
            settleWith(refusal(Errors.of(reply.getError(), envelope())));
        } else {
            onAnswer(reply);
        }
    }

    /** A refusal in the words of the type. */
    protected CoordinatorException refusal(CoordinatorException why) {
        return why;
    }

    @Override
    public final void onEvent(Event event) {
        if (isOpen()) {
            onNews(event);
        } else {
            onLaterNews(event);
        }
    }

    @Override
    protected final void onDeadline(CoordinatorException why) {
        giveUp();
        fail(why);
    }

    @Override
    protected final void onFailure(CoordinatorException why) {
        settleWith(why);
    }

    /** The waiter may still be in line when the session is resumed, so the caller goes on waiting. */
    @Override
    public void onLeasePassed() {}

    @Override
    public void onSessionEnded(boolean closedByClient) {
        if (phase == Phase.WAITING) {
            settleWith(
                    closedByClient
                            ? new ClosedException("the client was closed while waiting for " + what(), false)
                            : new SessionExpiredException(
                                    "the session was lost while waiting for " + what() + "; ask again", false, null));
        }
    }

    /** The end of the caller's patience, later than the wait that the cluster measures. */
    private final class WaitDeadline extends DeadlineWheel.Timeout {
        @Override
        protected void onTimeout() {
            giveUp();
            fail(unheard());
        }
    }
}
