package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.RemoteFailures;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CompleteCall;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call that this client's handler got: begun once or handed back, and completed once. It is the request that the
 * handler sees.
 */
final class CallRun extends DeadlineWheel.Timeout implements RpcRequest {
    /** The cluster says first that the time is over; without a connection this client's clock does. */
    private static final long SLACK_NANOS = Duration.ofSeconds(1).toNanos();

    private final SessionChannel channel;
    private final CallWorker worker;
    private final CallLease lease;
    private final CallDispatched call;
    private final JsonCodec json;
    private final CallInterruption interruption;
    private final CallReports reports;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean completed = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile boolean inHandler;

    CallRun(SessionChannel channel, CallWorker worker, CallLease lease) {
        this.channel = channel;
        this.worker = worker;
        this.lease = lease;
        call = lease.call();
        json = worker.calls().json();
        interruption = new CallInterruption(worker.user());
        reports = new CallReports(channel.loop(), lease);
    }

    long token() {
        return call.getToken();
    }

    // ---- its way, on the loop ----

    CallWorker worker() {
        return worker;
    }

    /** Whether the handler is at it, whoever wants to hear of that. */
    boolean isInHandler() {
        return inHandler;
    }

    /** It has come, and may have to wait for its turn. */
    void arrive() {
        channel.addDeadline(this, lease.deadlineNanos() + SLACK_NANOS);
    }

    /** Has the handler run. */
    void begin() {
        worker.user().executor().execute(Refusable.of(this::run, this::refused));
    }

    /** Somebody else gets it, unless the handler has begun. */
    void handBack() {
        if (begun.compareAndSet(false, true)) {
            complete(CompleteCall.newBuilder().setHandedBack(true));
        }
    }

    /** Nobody wants the result any more. */
    void cancel() {
        if (begun.compareAndSet(false, true)) {
            complete(CompleteCall.newBuilder().setCancelled(true));
        } else {
            stop();
        }
    }

    /** The worker's end does not wait for it any longer. */
    void abandon() {
        handBack();
        complete(CompleteCall.newBuilder()
                .setFailure(RemoteFailures.of(
                        ErrorCode.EHANDLERGONE.name(), "the worker was closed while its handler ran", "")));
        stop();
    }

    /** There is nobody to tell of a result. */
    void unheard() {
        begun.set(true);
        completed.set(true);
        end();
        stop();
    }

    private void stop() {
        if (!cancelled) {
            cancelled = true;
            interruption.strike();
            worker.onStopping(this);
        }
    }

    private void end() {
        channel.removeDeadline(this);
        lease.finished(this);
    }

    @Override
    protected void onTimeout() {
        cancel();
    }

    /** The executor does not take it; not on the loop. */
    private void refused(CoordinatorException why) {
        worker.user().report(why);
        if (worker.refusals().incrementAndGet() <= CallWorker.REFUSALS_MAX) {
            handBack();
        } else if (begun.compareAndSet(false, true)) {
            complete(CompleteCall.newBuilder()
                    .setFailure(RemoteFailures.of(
                            ErrorCode.EBUSY.name(),
                            Thrown.message(why),
                            why.getClass().getName())));
        }
    }

    // ---- the handler, on its executor ----

    private void run() {
        inHandler = true;
        if (!begun.compareAndSet(false, true)) {
            inHandler = false;
            channel.loop().run(() -> worker.onHandled(this)); // Who has seen it in there has left that to us.
            return;
        }
        worker.refusals().set(0);
        Object outcome;
        interruption.enter();
        try {
            outcome = worker.user().handler().handle(this);
        } catch (Throwable e) { // whatever it is, the caller must learn of it
            interruption.leave();
            failed(e);
            return;
        }
        interruption.leave();
        if (outcome instanceof CompletionStage<?> stage) {
            follow(stage);
        } else {
            returned(outcome);
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

    private void returned(@Nullable Object value) {
        CompleteCall.Builder outcome = CompleteCall.newBuilder();
        try {
            outcome.setResult(json.write(value));
        } catch (CoordinatorException e) {
            failed(e);
            return;
        }
        done(cancelled ? CompleteCall.newBuilder().setCancelled(true) : outcome);
    }

    private void failed(Throwable error) {
        if (cancelled) {
            done(CompleteCall.newBuilder().setCancelled(true)); // However it took that.
            return;
        }
        if (!(error instanceof RpcFailure)) {
            worker.user().report(error);
        }
        done(CompleteCall.newBuilder().setFailure(RemoteFailures.of(error)));
    }

    // ---- the outcome ----

    private void complete(CompleteCall.Builder outcome) {
        if (completed.compareAndSet(false, true)) {
            submit(outcome);
            channel.loop().run(this::end);
        }
    }

    /** The handler is done, whether or not it is heard. */
    private void done(CompleteCall.Builder outcome) {
        inHandler = false;
        complete(outcome);
        channel.loop().run(() -> worker.onHandled(this));
    }

    /** One that the cluster does not take at any time is told to the caller as a failure. */
    private void submit(CompleteCall.Builder outcome) {
        CompleteCall told = outcome.setToken(call.getToken()).build();
        var unused = lease.complete(told).whenComplete((accepted, error) -> {
            if (error instanceof RejectedException && outcome.hasResult()) {
                worker.user().report(error);
                submit(CompleteCall.newBuilder().setFailure(RemoteFailures.of(error)));
            } else if (error instanceof RejectedException) {
                worker.user().report(error);
            }
        });
    }

    // ---- what the handler sees ----

    @Override
    public String name() {
        return worker.name();
    }

    @Override
    public JsonNode arguments() {
        return json.read(call.getArguments());
    }

    @Override
    public <T> @Nullable T arguments(Class<T> type) {
        return json.<T>read(call.getArguments(), json.type(type));
    }

    @Override
    public <T> @Nullable T arguments(TypeReference<T> type) {
        return json.<T>read(call.getArguments(), json.type(type));
    }

    @Override
    public Duration remaining() {
        long nanos = lease.deadlineNanos() - channel.loop().nanoTime();
        return cancelled || completed.get() || nanos <= 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    @Override
    public int attempt() {
        return Math.max(1, call.getAttempt());
    }

    @Override
    public String callerName() {
        return call.getCallerName();
    }

    @Override
    public boolean isCancelled() {
        return cancelled || (!completed.get() && remaining().isZero());
    }

    @Override
    public void onCancel(Runnable action) {
        interruption.add(action);
    }

    @Override
    public void progress(@Nullable Object progress) {
        if (!cancelled && !completed.get()) {
            reports.send(json.write(progress));
        }
    }
}
