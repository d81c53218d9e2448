package io.coordinator.client.internal.work;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.RemoteFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work that is leased to this client's worker: begun once or handed back, and with one outcome. What a
 * type says of its own is how the cluster hears of that outcome, and what it means that the time is over.
 */
public abstract class HandlerRun extends DeadlineWheel.Timeout {
    /** The cluster says first that the time is over; without a connection this client's clock does. */
    private static final long SLACK_NANOS = Duration.ofSeconds(1).toNanos();

    private final SessionChannel channel;
    private final LiveWorker<?> worker;
    private final HeldRuns held;
    private final Interruption interruption;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final FirstOutcome outcome = new FirstOutcome();
    private volatile boolean inHandler;
    private volatile boolean stopped;
    private volatile boolean lost;
    private volatile @Nullable Object value;

    /**
     * One that has not begun.
     *
     * @param held where it is known by its token until it is over
     */
    protected HandlerRun(SessionChannel channel, LiveWorker<?> worker, HeldRuns held) {
        this.channel = channel;
        this.worker = worker;
        this.held = held;
        interruption = new Interruption(worker.user());
    }

    // ---- what a type makes of it ----

    /** Names it among those that came the same way. */
    protected abstract long token();

    /** Until when it may take, by the loop's clock; empty for as long as it likes. */
    protected abstract OptionalLong deadlineNanos();

    /** Runs the handler. */
    protected abstract @Nullable Object handle() throws Exception;

    /** Whether a failure is an answer of the handler's, and no defect. */
    protected abstract boolean isAnswer(Throwable thrown);

    /** Tells the result. */
    protected abstract void tellResult(ByteString json);

    /**
     * Tells a failure.
     *
     * @param thrown what the handler threw; null if it is the SDK that gives it up
     */
    protected abstract void tellFailure(RemoteFailure failure, @Nullable Throwable thrown);

    /** Tells that the handler has stopped since it was told to. */
    protected abstract void tellStopped();

    /** Tells that somebody else is to have it. */
    protected abstract void tellHandedBack();

    /** Tells that the worker's end does not wait for the handler. */
    protected abstract void tellAbandoned();

    // ---- for the type ----

    protected final SessionChannel channel() {
        return channel;
    }

    protected final JsonCodec json() {
        return worker.calls().json();
    }

    protected final UserSideOfWorker user() {
        return worker.user();
    }

    protected final FirstOutcome outcome() {
        return outcome;
    }

    /** What the handler has returned; null if it has not, too. */
    protected final @Nullable Object value() {
        return value;
    }

    // ---- what its handler sees, on any thread ----

    /** Runs something when it is told to stop; at once if it was. */
    public final void onStop(Runnable action) {
        interruption.add(action);
    }

    /** Whether it is not this worker's any more. */
    public final boolean isLost() {
        return lost;
    }

    /** Whether somebody waits for an outcome: it was not told to stop, and there is none. */
    public final boolean isAwaited() {
        return !stopped && !outcome.isOver();
    }

    /** Whether it is to stop: it was told to, or has no time left. */
    public final boolean isToStop() {
        return stopped
                || (!outcome.isOver() && timeLeft().filter(Duration::isZero).isPresent());
    }

    /** How long it still may take by this client's clock, 0 if nobody waits for it; empty for as long as it likes. */
    public final Optional<Duration> timeLeft() {
        OptionalLong deadline = deadlineNanos();
        if (deadline.isEmpty()) {
            return Optional.empty();
        }
        long nanos = isAwaited() ? deadline.getAsLong() - channel.loop().nanoTime() : 0;
        return Optional.of(Duration.ofNanos(Math.max(0, nanos)));
    }

    // ---- its way, on the loop ----

    /** It has come, and may have to wait for its turn. */
    final void arrive() {
        deadlineNanos().ifPresent(deadline -> channel.addDeadline(this, deadline + SLACK_NANOS));
        worker.onDispatched(this);
    }

    /** Has the handler run. */
    final void begin() {
        worker.user().executor().execute(Refusable.of(this::run, this::refused));
    }

    /** Somebody else gets it, unless the handler has begun. */
    final void handBack() {
        if (begun.compareAndSet(false, true)) {
            complete(this::tellHandedBack);
        }
    }

    /** It is not to be done any more. */
    public final void cancel() {
        if (begun.compareAndSet(false, true)) {
            complete(this::tellStopped);
        } else {
            stop();
        }
    }

    /** The worker's end does not wait for it any longer. */
    final void abandon() {
        handBack();
        complete(this::tellAbandoned);
        stop();
    }

    /** It is not this worker's any more, and there is nobody to tell of an outcome. */
    public final void lose() {
        boolean hasBegun = !begun.compareAndSet(false, true);
        lost = true;
        outcome.drop();
        stop();
        if (!hasBegun) {
            end();
        }
    }

    /** As {@link #lose}, and the worker does not wait for its handler. */
    final void forget() {
        lose();
        end();
    }

    private void stop() {
        if (!stopped) {
            stopped = true;
            interruption.strike();
            worker.onStopping(this);
        }
    }

    private void end() {
        channel.removeDeadline(this);
        held.remove(this);
        worker.onFinished(this);
    }

    /** Whether the handler is at it, whoever wants to hear of that. */
    final boolean isInHandler() {
        return inHandler;
    }

    /** The executor does not take it; not on the loop. */
    private void refused(CoordinatorException why) {
        worker.user().report(why);
        if (worker.refusals().incrementAndGet() <= LiveWorker.REFUSALS_MAX) {
            handBack();
        } else if (begun.compareAndSet(false, true)) {
            RemoteFailure failure = RemoteFailures.of(
                    ErrorCode.EBUSY.name(), Thrown.message(why), why.getClass().getName());
            complete(() -> tellFailure(failure, null));
        }
    }

    // ---- the handler, on its executor ----

    private void run() {
        inHandler = true;
        if (!begun.compareAndSet(false, true)) {
            inHandler = false;
            channel.loop().run(this::end); // Who has seen it in there has left its place to us.
            return;
        }
        worker.refusals().set(0);
        Object made;
        interruption.enter();
        try {
            made = handle();
        } catch (Throwable e) { // whatever it is, others must learn of it
            interruption.leave();
            failed(e);
            return;
        }
        interruption.leave();
        if (made instanceof CompletionStage<?> stage) {
            follow(stage);
        } else {
            returned(made);
        }
    }

    private <T extends @Nullable Object> void follow(CompletionStage<T> stage) {
        try {
            interruption.follow(stage);
            Promises.whenDone(stage, (value, error) -> {
                if (error == null) {
                    returned(value);
                } else {
                    failed(Thrown.cause(error));
                }
            });
        } catch (Throwable e) { // of a stage of the user's own making
            failed(e);
        }
    }

    private void returned(@Nullable Object made) {
        value = made;
        ByteString result;
        try {
            result = worker.calls().json().write(made);
        } catch (CoordinatorException e) {
            failed(e.withFunctionResult(made));
            return;
        }
        handled(stopped ? this::tellStopped : () -> tellResult(result));
    }

    private void failed(Throwable error) {
        if (stopped) {
            handled(this::tellStopped); // However it took that.
            return;
        }
        if (!isAnswer(error)) {
            worker.user().report(error);
        }
        handled(() -> tellFailure(RemoteFailures.of(error), error));
    }

    /** The handler is done, whether or not it is heard. */
    private void handled(Runnable telling) {
        inHandler = false;
        complete(telling);
    }

    private void complete(Runnable telling) {
        outcome.give(telling);
        channel.loop().run(this::end);
    }
}
