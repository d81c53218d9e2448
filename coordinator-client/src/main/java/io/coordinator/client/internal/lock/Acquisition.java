package io.coordinator.client.internal.lock;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.PendingRequest;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** One try to acquire something: granted, not granted in time, given up, or failed. */
final class Acquisition<T> extends PendingRequest {
    private final Claim claim;
    private final Promise<T> promise;
    private final Outcome<T> outcome;
    private final @Nullable Long deadlineNanos;

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
        super(channel, envelope, bytes);
        this.claim = claim;
        this.promise = promise;
        this.outcome = outcome;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    protected String what() {
        return claim.toString();
    }

    @Override
    protected Command.Builder undoing(long seq) {
        return claim.cancel(seq);
    }

    @Override
    protected void onAnswer(Reply reply) {
        told(claim.told(reply));
    }

    @Override
    protected void onNews(Event event) {
        told(claim.told(event));
    }

    private void told(Told told) {
        if (told instanceof Told.Granted && isTooLate()) {
            cameTooLate();
        } else if (told instanceof Told.Granted grant) {
            handedOver();
            outcome.granted(session(), seq(), grant, promise);
        } else if (told instanceof Told.Queued) {
            inLine(deadlineNanos);
        } else if (told instanceof Told.Refused refused) {
            settleWith(refused.why());
        } else if (told instanceof Told.Unexpected unexpected) {
            settleWith(Errors.unexpectedAnswer(unexpected.outcome()));
        } else if (told instanceof Told.Lost) {
            cameAndWent(); // What a set still has of its names is given back.
        } else {
            settle();
            outcome.notGranted(promise);
        }
    }

    @Override
    protected void fail(Throwable why) {
        promise.fail(why);
    }

    @Override
    protected RequestTimeoutException unheard() {
        return new RequestTimeoutException(
                "the cluster did not say in time whether " + claim
                        + " was granted; it is given up, and a grant would be released",
                true,
                null);
    }
}
