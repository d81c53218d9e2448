package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Session;
import io.coordinator.protocol.Reply;

/**
 * The release of one entry of a grant. Goes on whatever its first caller's patience; the end of the session is a
 * release as well. Lives on the loop.
 */
final class ReleaseCall extends CommandCall {
    /** About the size of a command about a grant. */
    static final int BYTES = 64;

    private final Claim claim;
    private final Session session;
    private final long requestSeq;
    private final Promise<Released> firstCaller;
    private final Promise<Released> outcome;

    /**
     * A release, not sent yet.
     *
     * @param requestSeq the number of the command that asked for the grant
     * @param firstCaller is told when it does not come in time
     * @param outcome is told how it ended
     */
    ReleaseCall(
            Claim claim,
            long token,
            Session session,
            long requestSeq,
            Promise<Released> firstCaller,
            Promise<Released> outcome) {
        super(claim.release(token), BYTES);
        this.claim = claim;
        this.session = session;
        this.requestSeq = requestSeq;
        this.firstCaller = firstCaller;
        this.outcome = outcome;
        persistent();
        boundTo(session);
    }

    /** What callers are told whose release goes on behind their backs. */
    static String late(Claim claim) {
        return "the release of " + claim + " was not confirmed in time; the SDK goes on trying";
    }

    @Override
    protected void onReply(Reply reply) {
        if (reply.hasError()) {
            session.drop(requestSeq);
            outcome.fail(Errors.of(reply.getError()));
            return;
        }
        Released released = claim.released(reply);
        if (released.entered() == 0) {
            session.drop(requestSeq);
        }
        outcome.succeed(released);
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        session.drop(requestSeq);
        if (why instanceof SessionExpiredException || why instanceof ClosedException) {
            outcome.succeed(Released.nothing(claim));
        } else {
            outcome.fail(why);
        }
    }

    @Override
    protected void onDeadline(CoordinatorException why) {
        firstCaller.fail(new RequestTimeoutException(late(claim), true, null));
    }
}
