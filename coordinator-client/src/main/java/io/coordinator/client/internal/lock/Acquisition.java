package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.client.internal.session.Holding;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * One try to acquire something, from the command to exactly one outcome: granted, not granted in time, given up, or failed.
 * Whoever gives up leaves a cancel behind, which withdraws the waiter or releases the grant, whichever the log's order made
 * of it (G-7). Lives on the loop.
 */
final class Acquisition<T> extends CommandCall implements Holding {
    private final SessionChannel channel;
    private final Claim claim;
    private final Promise<T> promise;
    private final Outcome<T> outcome;
    private final WaitDeadline waitDeadline;
    private @Nullable Session session;
    private Phase phase = Phase.ASKED;

    private enum Phase {
        /** No reply yet. */
        ASKED,
        /** In line. */
        QUEUED,
        /** The caller has left; a cancel is on its way. */
        GIVEN_UP,
        /** The caller has its outcome, and nothing is left in the cluster but perhaps the grant. */
        SETTLED
    }

    /** What the caller makes of the outcome. */
    interface Outcome<T> {
        /** Watches over a grant and hands it to the caller; gives it back if the caller has left. */
        void granted(Session session, long seq, Told.Granted grant, Promise<T> promise);

        /** Tells that somebody else holds it. */
        void notGranted(Promise<T> promise);
    }

    /**
     * A try.
     *
     * @param deadlineNanos until when the caller waits for a place in line to become a grant; null for ever
     */
    Acquisition(
            SessionChannel channel,
            Claim claim,
            Command.Builder envelope,
            int bytes,
            Promise<T> promise,
            Outcome<T> outcome,
            @Nullable Long deadlineNanos) {
        super(envelope, bytes);
        this.channel = channel;
        this.claim = claim;
        this.promise = promise;
        this.outcome = outcome;
        this.waitDeadline = new WaitDeadline(deadlineNanos);
    }

    /** The caller has cancelled; on any thread. */
    void cancel() {
        channel.loop().run(() -> {
            if (session == null) {
                phase = Phase.SETTLED;
                channel.withdraw(this);
            } else {
                giveUp();
            }
        });
    }

    @Override
    protected void onSequenced(Session current, long seq) {
        session = current;
        current.hold(seq, this);
    }

    @Override
    protected void onReply(Reply reply) {
        if (phase != Phase.ASKED) {
            return; // An event told the outcome before, or the caller has left.
        }
        if (reply.hasError()) {
            settle();
            promise.fail(Errors.of(reply.getError(), envelope()));
            return;
        }
        told(claim.told(reply));
    }

    @Override
    public void onEvent(Event event) {
        if (phase == Phase.ASKED || phase == Phase.QUEUED) {
            told(claim.told(event));
        }
    }

    private void told(Told told) {
        if (told instanceof Told.Granted grant) {
            granted(grant);
        } else if (told instanceof Told.Queued) {
            queued();
        } else if (told instanceof Told.Refused refused) {
            settle();
            promise.fail(refused.why());
        } else if (told instanceof Told.Unexpected unexpected) {
            settle();
            promise.fail(Errors.unexpectedAnswer(unexpected.outcome()));
        } else if (told instanceof Told.Lost) {
            cameAndWent();
        } else {
            notGranted();
        }
    }

    /** Not "somebody else has it": nobody may. What a set still has of its names is given back. */
    private void cameAndWent() {
        giveUp();
        promise.fail(new RequestTimeoutException(
                claim
                        + " was granted, but the news of it came after the grant had ended; nothing is held, so acquire it"
                        + " again",
                false,
                null));
    }

    private void queued() {
        phase = Phase.QUEUED;
        if (waitDeadline.nanos != null) {
            channel.addDeadline(waitDeadline, waitDeadline.nanos);
        }
    }

    private void granted(Told.Granted grant) {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("granted before it was asked for");
        }
        phase = Phase.SETTLED;
        channel.removeDeadline(waitDeadline);
        outcome.granted(current, seq(), grant, promise);
    }

    private void notGranted() {
        settle();
        outcome.notGranted(promise);
    }

    /** The caller leaves without an outcome; the cluster is told so. */
    private void giveUp() {
        Session current = session;
        if (current == null || phase == Phase.GIVEN_UP || phase == Phase.SETTLED) {
            return;
        }
        phase = Phase.GIVEN_UP;
        channel.removeDeadline(waitDeadline);
        channel.submit(SilentCommand.cleanup(claim.cancel(seq()), current, () -> current.drop(seq())), 0);
    }

    private void settle() {
        phase = Phase.SETTLED;
        channel.removeDeadline(waitDeadline);
        if (session != null) {
            session.drop(seq());
        }
    }

    @Override
    protected void onDeadline(CoordinatorException why) {
        giveUp();
        promise.fail(why);
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        settle();
        promise.fail(why);
    }

    /** The waiter may still be in line when the session is resumed, so the caller goes on waiting. */
    @Override
    public void onLeasePassed() {}

    @Override
    public void onSessionEnded(boolean closedByClient) {
        if (phase == Phase.QUEUED) {
            settle();
            promise.fail(
                    closedByClient
                            ? new ClosedException("the client was closed while waiting for " + claim, false)
                            : new SessionExpiredException(
                                    "the session was lost while waiting for " + claim + "; acquire it again",
                                    false,
                                    null));
        }
    }

    /** The end of the caller's patience, later than the wait that the cluster measures. */
    private final class WaitDeadline extends DeadlineWheel.Timeout {
        private final @Nullable Long nanos;

        WaitDeadline(@Nullable Long nanos) {
            this.nanos = nanos;
        }

        @Override
        protected void onTimeout() {
            giveUp();
            promise.fail(new RequestTimeoutException(
                    "the cluster did not say in time whether " + claim
                            + " was granted; it is given up, and a grant would be released",
                    true,
                    null));
        }
    }
}
