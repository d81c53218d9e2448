package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionHolding;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A grant, from the news of it to its release or loss. Callers hold it by {@linkplain HoldEntry entries}: one, or
 * several if it is reentrant; its {@linkplain GrantClock clock} says until when. Its state changes on any thread, the
 * rest on the loop.
 */
final class Hold implements SessionHolding, GrantClock.Grant {
    private static final int LOST = -1;

    private final SessionChannel channel;
    private final Session session;
    private final Claim claim;
    private final long seq;
    private final long token;
    private final Duration requestTimeout;
    private final Promises userPromises;
    private final Promise<LossReason> lost;
    private final GrantClock clock;

    private final long begunNanos = System.nanoTime();

    /** How many entries are held; 0 when all were released, LOST for good after a loss. */
    private final AtomicInteger entries = new AtomicInteger(1);

    /** Some names of a set are gone, and the others still wait for their holder to release them. */
    private volatile boolean partial;

    /**
     * A grant that has just been learned of, entered once.
     *
     * @param userPromises for what user code sees
     */
    Hold(
            SessionChannel channel,
            Session session,
            Claim claim,
            long seq,
            Told.Granted grant,
            Terms terms,
            Duration requestTimeout,
            Promises userPromises) {
        this.channel = channel;
        this.session = session;
        this.claim = claim;
        this.seq = seq;
        this.token = grant.token();
        this.requestTimeout = requestTimeout;
        this.userPromises = userPromises;
        this.lost = userPromises.makeShared();
        this.clock = new GrantClock(channel, claim, terms, grant.deadlineMillis(), this);
    }

    /** Starts to watch the clock; on the loop. */
    HoldEntry start() {
        session.hold(seq, this);
        if (session.isLive()) {
            clock.start();
        } else {
            lose(LossReason.SESSION_LOST, true);
        }
        return new HoldEntry(this);
    }

    /**
     * Enters it once more; on the loop. It may have been left meanwhile by all others: the cluster counts this entry
     * before their release.
     *
     * @return null if it is lost
     */
    @Nullable
    HoldEntry enter() {
        int before = entries.getAndUpdate(count -> count == LOST ? LOST : count + 1);
        if (before == LOST) {
            return null;
        }
        if (before == 0) {
            clock.start();
        }
        return new HoldEntry(this);
    }

    // ---- what it is ----

    Claim claim() {
        return claim;
    }

    long token() {
        return token;
    }

    GrantClock clock() {
        return clock;
    }

    /** Completes when it is lost. */
    CompletionStage<LossReason> lost() {
        return lost;
    }

    Promises userPromises() {
        return userPromises;
    }

    /** For how long this client has known of the grant; for messages. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    /** Whether it is, or includes, a lock of the claim; on the loop. */
    boolean isInTheWayOf(LockTarget wanted) {
        return isEntered()
                && claim instanceof LockTarget held
                && held.namespace().equals(wanted.namespace())
                && !Collections.disjoint(held.names(), wanted.names());
    }

    boolean isHeld() {
        return isEntered() && session.isLive() && !clock.hasExpired();
    }

    @Override
    public boolean isEntered() {
        return entries.get() > 0;
    }

    /** Whether some names of a set are gone while others wait for their release. */
    boolean isPartial() {
        return partial;
    }

    /** Whether it is lost, and nothing of it is left to release. */
    boolean isOver() {
        return entries.get() == LOST && !partial;
    }

    /** Why nothing can be done with it any more. */
    CoordinatorException gone() {
        if (channel.isClosed()) {
            return SessionChannel.closed(false);
        }
        return new LockExtendException("the grant of " + claim + " with token " + token
                + " is gone; stop the work that it protects, and acquire it again");
    }

    // ---- commands ----

    private <T extends @Nullable Object> void submit(
            Command.Builder command, Promise<T> promise, Function<Reply, T> decoder, long timeoutNanos) {
        CommandCall call = new ValueCommand<>(command, ReleaseCall.BYTES, promise, decoder);
        channel.submit(call.boundTo(session), timeoutNanos);
    }

    /** Sends another command about it for one of its entries. */
    void change(Command.Builder command, Runnable done, Promise<Void> promise) {
        submit(
                command,
                promise,
                reply -> {
                    done.run();
                    return nothing();
                },
                Times.nanos(requestTimeout));
    }

    /** Asks for more time for one of its entries. */
    void extend(long ttlMillis, Promise<Void> promise) {
        extend(ttlMillis, promise, Times.nanos(requestTimeout));
    }

    @Override
    public void extend(long ttlMillis, Promise<Void> promise, long timeoutNanos) {
        submit(
                claim.extend(token, ttlMillis),
                promise,
                reply -> {
                    extended(ttlMillis, claim.extended(reply));
                    return nothing();
                },
                timeoutNanos);
        var unused = promise.exceptionally(error -> {
            if (error instanceof LockExtendException || error instanceof MultiLockException) {
                channel.loop().run(this::refused);
            }
            return nothing();
        });
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static Void nothing() {
        return null;
    }

    private void extended(long ttlMillis, long newDeadlineMillis) {
        if (!isEntered()) {
            throw gone();
        }
        clock.extended(ttlMillis, newDeadlineMillis);
    }

    /** The cluster knows no such grant any more, and has released what was left of a set. */
    private void refused() {
        partial = false;
        lose(LossReason.TTL_ELAPSED, false);
        session.drop(seq);
    }

    // ---- the release of an entry ----

    /**
     * Releases an entry.
     *
     * @param answer for the caller, who is not waited for longer than a request may take
     * @param released hears how it ended, whenever that is
     */
    void leave(Promise<Released> answer, Promise<Released> released) {
        int now = entries.updateAndGet(count -> count == LOST ? LOST : count - 1);
        channel.submit(new ReleaseCall(claim, token, session, seq, answer, released), Times.nanos(requestTimeout));
        if (clock.hasDeadline() && now == 0) {
            channel.loop().execute(this::stopClockIfReleased);
        }
    }

    /** An entry is being released already, and another caller waits for that. */
    void limitRelease(Promise<Released> answer) {
        PromiseDeadline.set(channel, answer, Times.nanos(requestTimeout), ReleaseCall.late(claim));
    }

    private void stopClockIfReleased() {
        if (!isEntered()) {
            clock.stop();
        }
    }

    // ---- losses ----

    /** The cluster ends it by itself a little later; a release would end it early. */
    @Override
    public void onExpired() {
        lose(LossReason.TTL_ELAPSED, false);
    }

    @Override
    public void onEvent(Event event) {
        if (claim.told(event) instanceof Told.Lost told && told.token() == token) {
            // An older cluster names no locks; then all are meant.
            partial = !told.names().isEmpty()
                    && told.names().size() < claim.names().size();
            lose(told.reason(), false);
        }
    }

    @Override
    public void onLeasePassed() {
        lose(LossReason.SESSION_LOST, true);
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        partial = false;
        lose(closedByClient ? LossReason.CLIENT_CLOSED : LossReason.SESSION_LOST, false);
    }

    /**
     * Ends the grant for its holder. What is left of a set stays until its holder, who may still work under it, lets
     * go.
     *
     * @param perhapsLive it may live on in the cluster, where it must not outlast its holder's belief
     */
    private void lose(LossReason reason, boolean perhapsLive) {
        if (entries.getAndUpdate(count -> count > 0 ? LOST : count) <= 0) {
            return;
        }
        clock.stop();
        lost.succeed(reason);
        if (perhapsLive) {
            channel.submit(SilentCommand.cleanup(claim.release(token), session, () -> session.drop(seq)), 0);
        } else if (!partial) {
            session.drop(seq);
        }
    }

    @Override
    public String toString() {
        return claim + ", token=" + token + ", " + (isEntered() ? "HELD" : entries.get() == 0 ? "RELEASED" : "LOST");
    }
}
