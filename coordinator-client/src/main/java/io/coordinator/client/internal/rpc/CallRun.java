package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.HeldRuns;
import io.coordinator.client.internal.work.ProgressReports;
import io.coordinator.client.internal.work.RemoteFailures;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.RemoteFailure;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call that this client's handler got. It is the request that the handler sees. */
final class CallRun extends HandlerRun implements RpcRequest {
    private final CallWorker worker;
    private final CallLease lease;
    private final CallDispatched call;
    private final ProgressReports reports;

    CallRun(SessionChannel channel, CallWorker worker, HeldRuns held, CallLease lease) {
        super(channel, worker, held);
        this.worker = worker;
        this.lease = lease;
        call = lease.call();
        reports = new ProgressReports(channel.loop(), lease::report);
    }

    // ---- its way ----

    @Override
    protected long token() {
        return call.getToken();
    }

    @Override
    protected OptionalLong deadlineNanos() {
        return OptionalLong.of(lease.deadlineNanos());
    }

    /** Its caller waits no longer; the cluster hears that the handler has stopped. */
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

    /** One that the cluster does not take is told to the caller as a failure. */
    @Override
    protected void tellResult(ByteString json) {
        tell(CompleteCall.newBuilder().setResult(json), why -> tellFailure(RemoteFailures.of(why), null));
    }

    @Override
    protected void tellFailure(RemoteFailure failure, @Nullable Throwable thrown) {
        tell(CompleteCall.newBuilder().setFailure(failure));
    }

    @Override
    protected void tellStopped() {
        tell(CompleteCall.newBuilder().setCancelled(true));
    }

    @Override
    protected void tellHandedBack() {
        tell(CompleteCall.newBuilder().setHandedBack(true));
    }

    @Override
    protected void tellAbandoned() {
        tellFailure(
                RemoteFailures.of(ErrorCode.EHANDLERGONE.name(), "the worker was closed while its handler ran", ""),
                null);
    }

    private void tell(CompleteCall.Builder outcome) {
        tell(outcome, why -> {});
    }

    private void tell(CompleteCall.Builder outcome, Consumer<Throwable> refused) {
        CompleteCall told = outcome.setToken(token()).build();
        var unused = lease.complete(told).whenComplete((accepted, error) -> {
            if (error instanceof RejectedException) {
                worker.user().report(error);
                refused.accept(error);
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
        return timeLeft().orElse(Duration.ZERO);
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
        return isToStop();
    }

    @Override
    public void onCancel(Runnable action) {
        onStop(action);
    }

    @Override
    public void progress(@Nullable Object progress) {
        if (isAwaited()) {
            reports.send(json().write(progress));
        }
    }
}
