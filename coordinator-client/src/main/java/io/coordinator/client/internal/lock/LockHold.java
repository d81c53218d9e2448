package io.coordinator.client.internal.lock;

import io.coordinator.client.ClosedException;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Guard;
import io.coordinator.client.LockExtendException;
import io.coordinator.client.LockHandle;
import io.coordinator.client.LossReason;
import io.coordinator.client.OwnershipLostException;
import io.coordinator.client.RequestTimeoutException;
import io.coordinator.client.SessionExpiredException;
import io.coordinator.client.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Holding;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A grant, watched by the local clock and renewed while it is held. Its state changes once, on any thread. */
final class LockHold implements LockHandle, Holding {
    private static final Logger log = LoggerFactory.getLogger(LockHold.class);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** A loss is reported this much before the ttl's end, or a twentieth of it if that is less. */
    private static final long MARGIN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private final SessionChannel channel;
    private final Session session;
    private final LockTarget target;
    private final long seq;
    private final long token;
    private final boolean renews;
    private final Duration requestTimeout;
    private final Promises userPromises;
    private final Promise<LossReason> lost;
    private final Promise<Boolean> released = Promises.direct().make();
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

    private volatile long ttlMillis;
    private volatile long deadlineMillis;
    private Loop.Timer expiryTimer = Loop.Timer.NONE;
    private Loop.Timer renewalTimer = Loop.Timer.NONE;

    private static final int RELEASE_BYTES = 64;

    private enum State {
        HELD,
        RELEASED,
        LOST
    }

    /**
     * A grant that has just been learned of.
     *
     * @param ttlMillis the ttl asked for, 0 for none
     * @param userPromises for what user code sees
     */
    LockHold(
            SessionChannel channel,
            Session session,
            LockTarget target,
            long seq,
            LockGrant grant,
            long ttlMillis,
            boolean renews,
            Duration requestTimeout,
            Promises userPromises) {
        this.channel = channel;
        this.session = session;
        this.target = target;
        this.seq = seq;
        this.token = grant.getToken();
        this.deadlineMillis = grant.getDeadlineMillis();
        this.ttlMillis = ttlMillis;
        this.renews = renews;
        this.requestTimeout = requestTimeout;
        this.userPromises = userPromises;
        this.lost = userPromises.make();
    }

    /** Starts to watch the clock; on the loop. */
    void start() {
        if (!session.isLive()) {
            lose(LossReason.SESSION_LOST, true);
            return;
        }
        watchExpiry();
        scheduleRenewal(ttlMillis / 3);
    }

    // ---- what user code sees ----

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public boolean isHeld() {
        return state.get() == State.HELD && session.isLive() && !hasExpired();
    }

    @Override
    public Optional<Duration> remaining() {
        if (deadlineMillis == 0 && isHeld()) {
            return Optional.empty();
        }
        return Optional.of(isHeld() ? Duration.ofNanos(Math.max(0, nanosLeft())) : Duration.ZERO);
    }

    @Override
    public CompletionStage<LossReason> lost() {
        return lost;
    }

    @Override
    public Guard guard() {
        return new Guard(target.namespace(), target.name(), token);
    }

    @Override
    public void extend(Duration ttl) {
        Await.result(extend(ttl, Promises.direct()));
    }

    @Override
    public CompletionStage<Void> extendAsync(Duration ttl) {
        return extend(ttl, userPromises);
    }

    private Promise<Void> extend(Duration ttl, Promises promises) {
        Promise<Void> promise = promises.make();
        if (ttl.toMillis() < 1) {
            promise.fail(new ValidationException("ttl must be at least 1 ms, but is " + ttl));
        } else if (!isHeld()) {
            promise.fail(gone());
        } else {
            submitExtend(ttl.toMillis(), promise, requestTimeout.toNanos());
        }
        return promise;
    }

    @Override
    public boolean release() {
        return Await.result(release(Promises.direct()));
    }

    @Override
    public CompletionStage<Boolean> releaseAsync() {
        return release(userPromises);
    }

    @Override
    public void close() {
        Promise<Boolean> closing = release(Promises.direct());
        if (!Await.briefly(closing, CLOSE_PATIENCE)) {
            log.info("The release of {} goes on in the background", target);
        }
    }

    private Promise<Boolean> release(Promises promises) {
        Promise<Boolean> answer = promises.make();
        if (state.compareAndSet(State.HELD, State.RELEASED)) {
            answerWhenReleased(answer);
            channel.submit(new Release(answer).persistent().boundTo(session), requestTimeout.toNanos());
            if (deadlineMillis != 0) {
                channel.loop().execute(this::stopTimers);
            }
        } else if (state.get() == State.LOST) {
            answer.succeed(false);
        } else {
            answerWhenReleased(answer);
            PromiseDeadline.set(channel, answer, requestTimeout.toNanos(), lateRelease());
        }
        return answer;
    }

    private void answerWhenReleased(Promise<Boolean> answer) {
        var unused = released.whenComplete((wasHeld, error) -> {
            if (error == null) {
                answer.succeed(wasHeld);
            } else {
                answer.fail(error);
            }
        });
    }

    private String lateRelease() {
        return "the release of " + target + " was not confirmed in time; the SDK goes on trying";
    }

    /** The caller went away before it saw the grant. */
    void releaseUnwanted() {
        var unused = release(Promises.direct());
    }

    // ---- commands ----

    private void submitExtend(long ttl, Promise<Void> promise, long timeoutNanos) {
        Command.Builder command = target.extend(token, ttl);
        CommandCall call = new ValueCommand<>(command, command.getLock().getSerializedSize(), promise, reply -> {
            extended(ttl, reply.getLock().getExtended());
            return nothing();
        });
        channel.submit(call.boundTo(session), timeoutNanos);
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static Void nothing() {
        return null;
    }

    private void extended(long ttl, LockGrant grant) {
        if (state.get() != State.HELD) {
            throw gone();
        }
        ttlMillis = ttl;
        deadlineMillis = grant.getDeadlineMillis();
        watchExpiry();
        scheduleRenewal(ttl / 3);
    }

    private LockExtendException gone() {
        return new LockExtendException("the grant of " + target + " with token " + token
                + " is gone; stop the work that it protects, and acquire the lock again");
    }

    // ---- the clock ----

    private long nanosLeft() {
        return channel.clock().localNanos(deadlineMillis) - System.nanoTime() - marginNanos();
    }

    private long marginNanos() {
        return Math.min(MARGIN_NANOS_MAX, TimeUnit.MILLISECONDS.toNanos(ttlMillis) / 20);
    }

    private boolean hasExpired() {
        return deadlineMillis != 0 && nanosLeft() <= 0;
    }

    private void watchExpiry() {
        expiryTimer.cancel();
        if (deadlineMillis == 0 || state.get() != State.HELD) {
            return;
        }
        expiryTimer = channel.loop()
                .schedule(
                        () -> {
                            if (hasExpired()) {
                                // The cluster ends it by itself a little later; a release would end it early.
                                lose(LossReason.TTL_ELAPSED, false);
                            } else {
                                watchExpiry();
                            }
                        },
                        nanosLeft());
    }

    private void scheduleRenewal(long afterMillis) {
        renewalTimer.cancel();
        if (renews && deadlineMillis != 0 && state.get() == State.HELD) {
            renewalTimer =
                    channel.loop().schedule(this::renew, TimeUnit.MILLISECONDS.toNanos(Math.max(1, afterMillis)));
        }
    }

    /** Has no deadline of its own: it is of use until the grant's end. */
    private void renew() {
        if (state.get() != State.HELD) {
            return;
        }
        Promise<Void> renewal = Promises.direct().make();
        submitExtend(ttlMillis, renewal, 0);
        var unused = renewal.exceptionally(error -> {
            renewalFailed(error);
            return null;
        });
    }

    private void renewalFailed(Throwable error) {
        if (error instanceof LockExtendException) {
            lose(LossReason.TTL_ELAPSED, false);
        } else if (state.get() == State.HELD
                && !(error instanceof OwnershipLostException)
                && !(error instanceof ClosedException)) {
            log.warn("{} could not be renewed and is tried again: {}", target, error.getMessage());
            scheduleRenewal(ttlMillis / 6);
        }
    }

    private void stopTimers() {
        expiryTimer.cancel();
        renewalTimer.cancel();
    }

    // ---- losses ----

    @Override
    public void onEvent(Event event) {
        if (event.getLock().hasLost() && event.getLock().getLost().getToken() == token) {
            lose(
                    event.getLock().getLost().getReason() == LockLost.Reason.FORCED
                            ? LossReason.FORCED
                            : LossReason.TTL_ELAPSED,
                    false);
        }
    }

    @Override
    public void onLeasePassed() {
        lose(LossReason.SESSION_LOST, true);
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        lose(closedByClient ? LossReason.CLIENT_CLOSED : LossReason.SESSION_LOST, false);
    }

    /**
     * Ends the grant for its holder.
     *
     * @param perhapsLive it may live on in the cluster, where it must not outlast its holder's belief
     */
    private void lose(LossReason reason, boolean perhapsLive) {
        if (!state.compareAndSet(State.HELD, State.LOST)) {
            return;
        }
        stopTimers();
        lost.succeed(reason);
        if (perhapsLive) {
            channel.submit(SilentCommand.cleanup(target.release(token), session, () -> session.drop(seq)), 0);
        } else {
            session.drop(seq);
        }
    }

    @Override
    public String toString() {
        return "LockHandle[" + target + ", token=" + token + ", " + state.get() + "]";
    }

    /** Goes on whatever its first caller's patience; the end of the session is a release as well. */
    private final class Release extends CommandCall {
        private final Promise<Boolean> firstCaller;

        Release(Promise<Boolean> firstCaller) {
            super(target.release(token), RELEASE_BYTES);
            this.firstCaller = firstCaller;
        }

        @Override
        protected void onReply(Reply reply) {
            session.drop(seq);
            if (reply.hasError()) {
                released.fail(Errors.of(reply.getError()));
            } else {
                released.succeed(reply.getLock().getReleased().getWasHeld());
            }
        }

        @Override
        protected void onFailure(CoordinatorException why) {
            session.drop(seq);
            if (why instanceof SessionExpiredException || why instanceof ClosedException) {
                released.succeed(false);
            } else {
                released.fail(why);
            }
        }

        @Override
        protected void onDeadline(CoordinatorException why) {
            firstCaller.fail(new RequestTimeoutException(lateRelease(), true, null));
        }
    }
}
