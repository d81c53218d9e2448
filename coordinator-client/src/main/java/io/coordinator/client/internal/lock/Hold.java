package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.OwnershipLostException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Holding;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A grant, watched by the local clock and renewed while it is held. Callers hold it by {@linkplain Entry entries}: one,
 * or several if it is reentrant. Its state changes on any thread, the rest on the loop.
 */
final class Hold implements Holding {
    private static final Logger log = LoggerFactory.getLogger(Hold.class);

    /** A loss is reported this much before the ttl's end, or a twentieth of it if that is less. */
    private static final long MARGIN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int RELEASE_BYTES = 64;
    private static final int LOST = -1;

    private final SessionChannel channel;
    private final Session session;
    private final Claim claim;
    private final long seq;
    private final long token;
    private final @Nullable Renewal renewal;
    private final Duration requestTimeout;
    private final Promises userPromises;
    private final Promise<LossReason> lost;

    private final long begunNanos = System.nanoTime();

    /** How many entries are held; 0 when all were released, LOST for good after a loss. */
    private final AtomicInteger entries = new AtomicInteger(1);

    /** Some names of a set are gone, and the others still wait for their holder to release them. */
    private volatile boolean partial;

    private volatile long ttlMillis;
    private volatile long deadlineMillis;
    private Loop.Timer expiryTimer = Loop.Timer.NONE;
    private Loop.Timer renewalTimer = Loop.Timer.NONE;

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
        this.deadlineMillis = grant.deadlineMillis();
        this.ttlMillis = terms.ttlMillis();
        this.renewal = terms.renewal();
        this.requestTimeout = requestTimeout;
        this.userPromises = userPromises;
        this.lost = userPromises.makeShared();
    }

    /** Starts to watch the clock; on the loop. */
    Entry start() {
        session.hold(seq, this);
        if (session.isLive()) {
            watchExpiry();
            scheduleRenewal();
        } else {
            lose(LossReason.SESSION_LOST, true);
        }
        return new Entry();
    }

    /**
     * Enters it once more; on the loop. It may have been left meanwhile by all others: the cluster counts this entry
     * before their release.
     *
     * @return null if it is lost
     */
    @Nullable
    Entry enter() {
        int before = entries.getAndUpdate(count -> count == LOST ? LOST : count + 1);
        if (before == LOST) {
            return null;
        }
        if (before == 0) {
            watchExpiry();
            scheduleRenewal();
        }
        return new Entry();
    }

    Claim claim() {
        return claim;
    }

    long token() {
        return token;
    }

    /** For how long this client has known of the grant; for messages. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    /** Whether it is, or includes, a lock of the claim; on the loop. */
    boolean isInTheWayOf(LockTarget wanted) {
        return entries.get() > 0
                && claim instanceof LockTarget held
                && held.namespace().equals(wanted.namespace())
                && !Collections.disjoint(held.names(), wanted.names());
    }

    private boolean isHeld() {
        return entries.get() > 0 && session.isLive() && !hasExpired();
    }

    // ---- commands ----

    private <T extends @Nullable Object> void submit(
            Command.Builder command, Promise<T> promise, Function<Reply, T> decoder, long timeoutNanos) {
        CommandCall call = new ValueCommand<>(command, RELEASE_BYTES, promise, decoder);
        channel.submit(call.boundTo(session), timeoutNanos);
    }

    private void submitExtend(long ttl, Promise<Void> promise, long timeoutNanos) {
        submit(
                claim.extend(token, ttl),
                promise,
                reply -> {
                    extended(ttl, claim.extended(reply));
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

    private void extended(long ttl, long newDeadlineMillis) {
        if (entries.get() <= 0) {
            throw gone();
        }
        ttlMillis = ttl;
        deadlineMillis = newDeadlineMillis;
        watchExpiry();
        scheduleRenewal();
    }

    /** The cluster knows no such grant any more, and has released what was left of a set. */
    private void refused() {
        partial = false;
        lose(LossReason.TTL_ELAPSED, false);
        session.drop(seq);
    }

    private CoordinatorException gone() {
        if (channel.isClosed()) {
            return SessionChannel.closed(false);
        }
        return new LockExtendException("the grant of " + claim + " with token " + token
                + " is gone; stop the work that it protects, and acquire it again");
    }

    private String lateRelease() {
        return "the release of " + claim + " was not confirmed in time; the SDK goes on trying";
    }

    // ---- the clock ----

    private long nanosLeft() {
        return channel.clock().localNanos(deadlineMillis) - channel.loop().nanoTime() - marginNanos();
    }

    private long marginNanos() {
        return Math.min(MARGIN_NANOS_MAX, TimeUnit.MILLISECONDS.toNanos(ttlMillis) / 20);
    }

    private boolean hasExpired() {
        return deadlineMillis != 0 && nanosLeft() <= 0;
    }

    private void watchExpiry() {
        expiryTimer.cancel();
        if (deadlineMillis != 0 && entries.get() > 0) {
            expiryTimer = channel.loop().schedule(this::checkExpiry, nanosLeft());
        }
    }

    private void checkExpiry() {
        if (hasExpired()) {
            // The cluster ends it by itself a little later; a release would end it early.
            lose(LossReason.TTL_ELAPSED, false);
        } else {
            watchExpiry();
        }
    }

    private void scheduleRenewal() {
        if (renewal != null) {
            scheduleRenewal(renewal, renewal.afterMillis(ttlMillis));
        }
    }

    private void scheduleRenewal(Renewal how, long afterMillis) {
        renewalTimer.cancel();
        if (deadlineMillis != 0 && entries.get() > 0) {
            renewalTimer =
                    channel.loop().schedule(() -> renew(how), TimeUnit.MILLISECONDS.toNanos(Math.max(1, afterMillis)));
        }
    }

    /** A renewal in progress is followed by the next one only when it has ended. */
    private void renew(Renewal how) {
        if (entries.get() <= 0) {
            return;
        }
        Promise<Void> outcome = Promises.direct().make();
        submitExtend(ttlMillis, outcome, TimeUnit.MILLISECONDS.toNanos(how.timeoutMillis()));
        var unused = outcome.whenComplete((nothing, error) -> {
            if (error == null) {
                how.listener().renewed(deadlineMillis);
            } else if (error instanceof CoordinatorException why) {
                renewalFailed(how, why);
            }
        });
    }

    private void renewalFailed(Renewal how, CoordinatorException why) {
        if (entries.get() > 0 && !(why instanceof OwnershipLostException) && !(why instanceof ClosedException)) {
            log.warn("{} could not be renewed and is tried again: {}", claim, why.getMessage());
            how.listener().failed(why);
            scheduleRenewal(how, ttlMillis / 6);
        }
    }

    private void stopTimers() {
        expiryTimer.cancel();
        renewalTimer.cancel();
    }

    // ---- losses ----

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
        stopTimers();
        lost.succeed(reason);
        if (perhapsLive) {
            channel.submit(SilentCommand.cleanup(claim.release(token), session, () -> session.drop(seq)), 0);
        } else if (!partial) {
            session.drop(seq);
        }
    }

    @Override
    public String toString() {
        return claim + ", token=" + token + ", "
                + (entries.get() > 0 ? "HELD" : entries.get() == 0 ? "RELEASED" : "LOST");
    }

    /** One caller's share of the grant, which that caller releases. Safe for use by many threads. */
    final class Entry {
        private final AtomicBoolean left = new AtomicBoolean();
        private final Promise<Released> released = Promises.direct().make();

        private Entry() {}

        Claim claim() {
            return claim;
        }

        long token() {
            return token;
        }

        boolean isHeld() {
            return !left.get() && Hold.this.isHeld();
        }

        /** Whether it ended by itself, and not by its holder's release. */
        boolean isLost() {
            return !left.get() && !Hold.this.isHeld();
        }

        Optional<Duration> remaining() {
            if (!isHeld()) {
                return Optional.of(Duration.ZERO);
            }
            return deadlineMillis == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, nanosLeft())));
        }

        OptionalLong deadline() {
            long millis = deadlineMillis;
            return millis == 0 ? OptionalLong.empty() : OptionalLong.of(millis);
        }

        CompletionStage<LossReason> lost() {
            return lost;
        }

        Promises userPromises() {
            return userPromises;
        }

        Promise<Void> extend(Duration ttl, Promises promises) {
            Promise<Void> promise = promises.make();
            if (ttl.isNegative() || ttl.isZero()) {
                promise.fail(new ValidationException("ttl must be more than 0, but is " + ttl));
            } else if (!isHeld() && (left.get() || !partial)) {
                promise.fail(gone());
            } else {
                submitExtend(Times.millis(ttl), promise, Times.nanos(requestTimeout));
            }
            return promise;
        }

        /** Another command about this grant. */
        Promise<Void> change(Command.Builder command, Runnable done, Promises promises) {
            Promise<Void> promise = promises.make();
            if (isHeld()) {
                submit(
                        command,
                        promise,
                        reply -> {
                            done.run();
                            return nothing();
                        },
                        Times.nanos(requestTimeout));
            } else {
                promise.fail(gone());
            }
            return promise;
        }

        Promise<Released> release(Promises promises) {
            Promise<Released> answer = promises.make();
            answerWhenReleased(answer);
            if (!left.compareAndSet(false, true)) {
                PromiseDeadline.set(channel, answer, Times.nanos(requestTimeout), lateRelease());
            } else if (entries.get() == LOST && !partial) {
                released.succeed(Released.nothing(claim));
            } else {
                leave(answer);
            }
            return answer;
        }

        private void leave(Promise<Released> answer) {
            int now = entries.updateAndGet(count -> count == LOST ? LOST : count - 1);
            channel.submit(new Release(answer, released).persistent().boundTo(session), Times.nanos(requestTimeout));
            if (deadlineMillis != 0 && now == 0) {
                channel.loop().execute(Hold.this::stopTimersIfReleased);
            }
        }

        /** The caller went away before it saw the grant. */
        void releaseUnwanted() {
            var unused = release(Promises.direct());
        }

        private void answerWhenReleased(Promise<Released> answer) {
            var unused = released.whenComplete((outcome, error) -> {
                if (error == null) {
                    answer.succeed(outcome);
                } else {
                    answer.fail(error);
                }
            });
        }

        @Override
        public String toString() {
            return Hold.this.toString();
        }
    }

    private void stopTimersIfReleased() {
        if (entries.get() <= 0) {
            stopTimers();
        }
    }

    /** Goes on whatever its first caller's patience; the end of the session is a release as well. */
    private final class Release extends CommandCall {
        private final Promise<Released> firstCaller;
        private final Promise<Released> outcome;

        Release(Promise<Released> firstCaller, Promise<Released> outcome) {
            super(claim.release(token), RELEASE_BYTES);
            this.firstCaller = firstCaller;
            this.outcome = outcome;
        }

        @Override
        protected void onReply(Reply reply) {
            if (reply.hasError()) {
                session.drop(seq);
                outcome.fail(Errors.of(reply.getError()));
                return;
            }
            Released released = claim.released(reply);
            if (released.entered() == 0) {
                session.drop(seq);
            }
            outcome.succeed(released);
        }

        @Override
        protected void onFailure(CoordinatorException why) {
            session.drop(seq);
            if (why instanceof SessionExpiredException || why instanceof ClosedException) {
                outcome.succeed(Released.nothing(claim));
            } else {
                outcome.fail(why);
            }
        }

        @Override
        protected void onDeadline(CoordinatorException why) {
            firstCaller.fail(new RequestTimeoutException(lateRelease(), true, null));
        }
    }
}
