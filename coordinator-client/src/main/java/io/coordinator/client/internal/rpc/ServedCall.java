package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.ProgressReports;
import io.coordinator.client.internal.work.RemoteFailures;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.ReportCallProgress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call that this client's handler got. It is the request that the handler sees. */
final class ServedCall extends HandlerRun implements RpcRequest {
    private final CallWorker worker;
    private final CallRegistration registered;
    private final CallDispatched call;
    private final ProgressReports reports;

    ServedCall(SessionChannel channel, CallWorker worker, CallRegistration registered, CallDispatched call) {
        super(channel, worker, registered);
        this.worker = worker;
        this.registered = registered;
        this.call = call;
        reports = new ProgressReports(channel.loop(), this::report);
    }

    private Promise<Boolean> report(ByteString value) {
        ReportCallProgress.Builder report =
                ReportCallProgress.newBuilder().setToken(call.getToken()).setValue(value);
        return registered.tell(worker.procedure().command().setProgress(report), reply -> true);
    }

    // ---- its way ----

    @Override
    protected long token() {
        return call.getToken();
    }

    @Override
    protected long deadlineMillis() {
        return call.getDeadlineMillis();
    }

    @Override
    protected void onTimeout() {
        cancel();
    }

    @Override
    protected @Nullable Object handle() throws Exception {
        return worker.handler().handle(this);
    }

    @Override
    protected boolean isAnswer(Throwable thrown) {
        return thrown instanceof RpcFailure;
    }

    // ---- the outcome ----

    /** One that the cluster does not take at any time is told to the caller as a failure. */
    @Override
    protected void tellResult(ByteString json) {
        var unused = tell(CompleteCall.newBuilder().setResult(json)).whenComplete((accepted, error) -> {
            if (error instanceof RejectedException) {
                user().report(error);
                tellFailure(RemoteFailures.of(error), null);
            }
        });
    }

    @Override
    protected void tellFailure(RemoteFailure failure, @Nullable Throwable thrown) {
        tellLast(CompleteCall.newBuilder().setFailure(failure));
    }

    @Override
    protected void tellStopped() {
        tellLast(CompleteCall.newBuilder().setCancelled(true));
    }

    @Override
    protected void tellHandedBack() {
        tellLast(CompleteCall.newBuilder().setHandedBack(true));
    }

    @Override
    protected void tellAbandoned() {
        tellFailure(
                RemoteFailures.of(ErrorCode.EHANDLERGONE.name(), "the worker was closed while its handler ran", ""),
                null);
    }

    private void tellLast(CompleteCall.Builder outcome) {
        var unused = tell(outcome).whenComplete((accepted, error) -> {
            if (error instanceof RejectedException) {
                user().report(error);
            }
        });
    }

    private Promise<Boolean> tell(CompleteCall.Builder outcome) {
        return registered.tell(
                worker.procedure().command().setComplete(outcome.setToken(call.getToken())),
                reply -> reply.getRpc().getCompleted().getAccepted());
    }

    // ---- what the handler sees ----

    @Override
    public String name() {
        return worker.name();
    }

    @Override
    public JsonNode arguments() {
        return json().read(call.getArguments());
    }

    @Override
    public <T> @Nullable T arguments(Class<T> type) {
        return json().<T>read(call.getArguments(), json().type(type));
    }

    @Override
    public <T> @Nullable T arguments(TypeReference<T> type) {
        return json().<T>read(call.getArguments(), json().type(type));
    }

    @Override
    public Duration remaining() {
        long nanos = remainingNanos();
        return isStopped() || outcome().isOver() || nanos <= 0 ? Duration.ZERO : Duration.ofNanos(nanos);
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
        return isStopped() || (!outcome().isOver() && remaining().isZero());
    }

    @Override
    public void onCancel(Runnable action) {
        addAction(action);
    }

    @Override
    public void progress(@Nullable Object progress) {
        if (!isStopped() && !outcome().isOver()) {
            reports.send(json().write(progress));
        }
    }
}
