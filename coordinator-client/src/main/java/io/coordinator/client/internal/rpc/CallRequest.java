package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.PendingRequest;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CancelCall;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcEvent;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call, from the command to its result. The cluster measures its time; this client ends it by its own clock a
 * little later, if it has not heard by then. Lives on the loop.
 */
final class CallRequest<T> extends PendingRequest {
    /** How long the cluster's word on a timeout is awaited. */
    private static final long SLACK_NANOS = Duration.ofMillis(250).toNanos();

    private final ProcedureId procedure;
    private final @Nullable Duration timeout;
    private final long deadlineNanos;
    private final Promise<@Nullable T> promise;
    private final Function<ByteString, @Nullable T> reader;
    private final Consumer<ByteString> progress;
    private @Nullable RequestTimeoutException unheard;

    /**
     * A call, not sent yet.
     *
     * @param timeout of the caller's own, or null
     * @param reader reads the result, where the promise reads
     * @param progress hears reports, on the loop
     */
    CallRequest(
            SessionChannel channel,
            ProcedureId procedure,
            Command.Builder envelope,
            @Nullable Duration timeout,
            Promise<@Nullable T> promise,
            Function<ByteString, @Nullable T> reader,
            Consumer<ByteString> progress) {
        super(channel, envelope, envelope.getRpc().getSerializedSize());
        this.procedure = procedure;
        this.timeout = timeout;
        this.promise = promise;
        this.reader = reader;
        this.progress = progress;
        deadlineNanos = deadlineIn(Times.nanos(time()) + SLACK_NANOS);
    }

    /**
     * How long its caller waits until the cluster has taken it: with a timeout of its own as long as for the result.
     *
     * @param requestTimeout of every call
     */
    long patienceNanos(Duration requestTimeout) {
        return timeout == null ? Times.nanos(requestTimeout) : Times.nanos(timeout) + SLACK_NANOS;
    }

    private Duration time() {
        return timeout == null ? CallOptions.DEFAULT_TIMEOUT : timeout;
    }

    @Override
    protected String what() {
        return "the result of " + procedure;
    }

    @Override
    protected Command.Builder undoing(long seq) {
        return ProcedureId.envelope(
                procedure.command().setCancel(CancelCall.newBuilder().setRequestSeq(seq)));
    }

    @Override
    protected void onAnswer(Reply reply) {
        if (!reply.getRpc().hasAccepted()) {
            settleWith(Errors.unexpectedAnswer(reply.getRpc().getOutcomeCase()));
        } else if (isTooLate()) {
            settleWith(closed());
        } else {
            inLine(deadlineNanos);
        }
    }

    @Override
    protected void onNews(Event event) {
        RpcEvent rpc = event.getRpc();
        switch (rpc.getOutcomeCase()) {
            case RETURNED -> returned(rpc.getReturned().getResult());
            case FAILED -> settleWith(failure(rpc.getFailed()));
            case PROGRESS -> progress.accept(rpc.getProgress().getValue());
            case DISPATCHED, REVOKED, OUTCOME_NOT_SET -> settleWith(Errors.unexpectedAnswer(rpc.getOutcomeCase()));
        }
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void returned(ByteString result) {
        settle();
        promise.succeedBy(() -> reader.apply(result));
    }

    private CoordinatorException failure(CallFailed failed) {
        RemoteFailure failure = failed.getFailure();
        return switch (failed.getReason()) {
            case HANDLER -> isGone(failure) ? gone() : remote(failure);
            case TIMED_OUT -> timeout == null ? timedOutByDefault() : timedOut();
            case WORKER_GONE -> gone();
            case NO_WORKER ->
                new NoHandlerException("no handler for " + procedure
                        + " came in time; the call was not run. Start a worker, or let the call wait longer");
            case UNRECOGNIZED -> Errors.unexpectedAnswer(failed.getReasonValue());
        };
    }

    /** A worker that was closed says so itself; what a handler has thrown has a type. */
    private static boolean isGone(RemoteFailure failure) {
        return failure.getType().isEmpty() && failure.getCode().equals(ErrorCode.EHANDLERGONE.name());
    }

    private RemoteException remote(RemoteFailure failure) {
        return new RemoteException(procedure.toString(), failure.getCode(), failure.getMessage(), failure.getType());
    }

    private HandlerGoneException gone() {
        return new HandlerGoneException("rpc handler disconnected: the worker that had the call of " + procedure
                + " is gone; the call may have been run. Call again if that does no harm");
    }

    private RequestTimeoutException timedOut() {
        return new RequestTimeoutException(late(), true, null);
    }

    private String late() {
        return "no result of " + procedure + " within " + Times.millis(time())
                + " ms; a worker that has the call is told to stop, but may have done its work";
    }

    private CallTimeoutException timedOutByDefault() {
        return new CallTimeoutException(late());
    }

    @Override
    protected RequestTimeoutException unheard() {
        RequestTimeoutException why = timedOut();
        unheard = why;
        return why;
    }

    /** Whoever named no timeout is told of the default one. */
    @Override
    protected void fail(Throwable why) {
        promise.fail(timeout == null && why == unheard ? timedOutByDefault() : why);
    }

    private ClosedException closed() {
        return new ClosedException("the client was closed while waiting for " + what(), true);
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        if (isWaiting()) {
            settleWith(
                    closedByClient
                            ? closed()
                            : new SessionExpiredException(
                                    "the session was lost while waiting for " + what()
                                            + "; the call may have been run. Call again if that does no harm",
                                    true,
                                    null));
        }
    }
}
