package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.PendingRequest;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.CancelCall;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
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

    private final CallFailures failures;
    private final long deadlineNanos;
    private final Promise<@Nullable T> promise;
    private final Function<ByteString, @Nullable T> reader;
    private final Consumer<ByteString> progress;
    private @Nullable RequestTimeoutException unheard;

    /**
     * A call, not sent yet.
     *
     * @param reader reads the result, where the promise reads
     * @param progress hears reports, on the loop
     */
    CallRequest(
            SessionChannel channel,
            CallFailures failures,
            Command.Builder envelope,
            Promise<@Nullable T> promise,
            Function<ByteString, @Nullable T> reader,
            Consumer<ByteString> progress) {
        super(channel, envelope, envelope.getRpc().getSerializedSize());
        this.failures = failures;
        this.promise = promise;
        this.reader = reader;
        this.progress = progress;
        deadlineNanos = deadlineIn(Times.nanos(failures.time()) + SLACK_NANOS);
    }

    /**
     * How long its caller waits until the cluster has taken it: with a timeout of its own as long as for the result.
     *
     * @param requestTimeout of every call
     */
    long patienceNanos(Duration requestTimeout) {
        Duration timeout = failures.timeout();
        return timeout == null ? Times.nanos(requestTimeout) : Times.nanos(timeout) + SLACK_NANOS;
    }

    @Override
    protected String what() {
        return "the result of " + failures.procedure();
    }

    @Override
    protected Command.Builder undoing(long seq) {
        return ProcedureId.envelope(
                failures.procedure().command().setCancel(CancelCall.newBuilder().setRequestSeq(seq)));
    }

    @Override
    protected void onAnswer(Reply reply) {
        if (!reply.getRpc().hasAccepted()) {
            settleWith(Errors.unexpectedAnswer(reply.getRpc().getOutcomeCase()));
        } else if (isTooLate()) {
            settleWith(failures.closed());
        } else {
            inLine(deadlineNanos);
        }
    }

    @Override
    protected void onNews(Event event) {
        RpcEvent rpc = event.getRpc();
        switch (rpc.getOutcomeCase()) {
            case RETURNED -> returned(rpc.getReturned().getResult());
            case FAILED -> settleWith(failures.of(rpc.getFailed()));
            case PROGRESS -> progress.accept(rpc.getProgress().getValue());
            case DISPATCHED, REVOKED, OUTCOME_NOT_SET -> settleWith(Errors.unexpectedAnswer(rpc.getOutcomeCase()));
        }
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void returned(ByteString result) {
        settle();
        promise.succeedBy(() -> reader.apply(result));
    }

    @Override
    protected RequestTimeoutException unheard() {
        RequestTimeoutException why = failures.lateOfItsOwn();
        unheard = why;
        return why;
    }

    /** Whoever named no timeout is told of the default one. */
    @Override
    protected void fail(Throwable why) {
        promise.fail(why == unheard ? failures.late() : why);
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        if (isWaiting()) {
            settleWith(
                    closedByClient
                            ? failures.closed()
                            : new SessionExpiredException(
                                    "the session was lost while waiting for " + what()
                                            + "; the call may have been run. Call again if that does no harm",
                                    true,
                                    null));
        }
    }
}
