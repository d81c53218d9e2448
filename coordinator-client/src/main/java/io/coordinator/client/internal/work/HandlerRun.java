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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One piece of work that this client's handler got: begun once or handed back, and with one outcome. */
public abstract class HandlerRun extends DeadlineWheel.Timeout {
    /** The cluster says first that the time is over; without a connection this client's clock does. */
    private static final long SLACK_NANOS = Duration.ofSeconds(1).toNanos();

    private final SessionChannel channel;
    private final LiveWorker<?> worker;
    private final WorkerRegistration registration;
    private final Interruption interruption;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final FirstOutcome outcome = new FirstOutcome();
    private volatile boolean stopped;
    private volatile boolean lost;
    private volatile @Nullable Object value;

    /** One that has not begun. */
    protected HandlerRun(SessionChannel channel, LiveWorker<?> worker, WorkerRegistration registration) {
        this.channel = channel;
        this.worker = worker;
        this.registration = registration;
        interruption = new Interruption(worker.user());
    }

    // ---- what a type makes of it ----

    /** Names it among those of its registration. */
    protected abstract long token();

    /** Cluster time until which it may take; 0: as long as it likes. */
    protected abstract long deadlineMillis();

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

    protected final WorkerRegistration registration() {
        return registration;
    }

    protected final UserSideOfWorker user() {
        return worker.user();
    }

    protected final FirstOutcome outcome() {
        return outcome;
    }

    /** Runs something when it is told to stop; at once if it was. */
    protected final void addAction(Runnable action) {
        interruption.add(action);
    }

    /** Whether it was told to stop. */
    protected final boolean isStopped() {
        return stopped;
    }

    /** Whether it is not this worker's any more. */
    protected final boolean isLost() {
        return lost;
    }

    /** What the handler has returned; null if it has not, too. */
    protected final @Nullable Object value() {
        return value;
    }

    /** How long it still may take by this client's clock; negative if that is over. */
    protected final long remainingNanos() {
        return channel.clock().localNanos(deadlineMillis()) - channel.loop().nanoTime();
    }

    // ---- its way, on the loop ----

    /** Has the handler run. */
    final void begin() {
        if (deadlineMillis() != 0) {
            channel.addDeadline(this, channel.clock().localNanos(deadlineMillis()) + SLACK_NANOS);
        }
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
    final void sessionEnded() {
        lose();
        end();
    }

    private void stop() {
        if (!stopped) {
            stopped = true;
            interruption.strike();
        }
    }

    private void end() {
        channel.removeDeadline(this);
        registration.finished(this);
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
        if (!begun.compareAndSet(false, true)) {
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
        complete(stopped ? this::tellStopped : () -> tellResult(result));
    }

    private void failed(Throwable error) {
        if (stopped) {
            complete(this::tellStopped); // However it took that.
            return;
        }
        if (!isAnswer(error)) {
            worker.user().report(error);
        }
        complete(() -> tellFailure(RemoteFailures.of(error), error));
    }

    private void complete(Runnable telling) {
        outcome.give(telling);
        channel.loop().run(this::end);
    }
}
