package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.EphemeralOutcome;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An ephemeral call of this client, from its making to its outcome. Lives on the loop. */
final class EphemeralRequest<T> extends DeadlineWheel.Timeout {
    private final EphemeralCalls calls;
    private final CallFailures failures;
    private final EphemeralCall.Builder message;
    private final int bytes;
    private final long deadlineNanos;
    private final Promise<@Nullable T> promise;
    private final Function<ByteString, @Nullable T> reader;
    private final Consumer<ByteString> progress;
    private boolean ended;
    private boolean sentOnce;

    /**
     * A call, not sent yet.
     *
     * @param reader reads the result, where the promise reads
     * @param progress hears reports, on the loop
     */
    EphemeralRequest(
            EphemeralCalls calls,
            CallFailures failures,
            EphemeralCall.Builder message,
            long deadlineNanos,
            Promise<@Nullable T> promise,
            Function<ByteString, @Nullable T> reader,
            Consumer<ByteString> progress) {
        this.calls = calls;
        this.failures = failures;
        this.message = message;
        this.bytes = message.getArguments().size();
        this.deadlineNanos = deadlineNanos;
        this.promise = promise;
        this.reader = reader;
        this.progress = progress;
    }

    /** Of its arguments. */
    int bytes() {
        return bytes;
    }

    /** The same for its whole life; 0 before it is sent. */
    long id() {
        return message.getId();
    }

    boolean isIdempotent() {
        return message.getIdempotent();
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    Promise<@Nullable T> promise() {
        return promise;
    }

    /** As it is sent now. */
    EphemeralCall sent(long id, long nowNanos) {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nowNanos - 1) + 1);
        sentOnce = true;
        return message.setId(id).setTimeoutMillis(left).build();
    }

    /** True the first time. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    boolean hasEnded() {
        return ended;
    }

    // ---- outcomes ----

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    void tell(EphemeralOutcome outcome) {
        switch (outcome.getOutcomeCase()) {
            case RESULT -> promise.succeedBy(() -> reader.apply(outcome.getResult()));
            case FAILED -> promise.fail(failures.of(outcome.getFailed()));
            case REFUSED -> promise.fail(Errors.of(outcome.getRefused()));
            case OUTCOME_NOT_SET -> promise.fail(Errors.unexpectedAnswer(outcome.getOutcomeCase()));
        }
    }

    void fail(CoordinatorException why) {
        promise.fail(why);
    }

    void report(ByteString value) {
        progress.accept(value);
    }

    @Override
    protected void onTimeout() {
        calls.leave(this);
        promise.fail(
                sentOnce || failures.timeout() == null
                        ? failures.late()
                        : new RequestTimeoutException(
                                "there was no connection to take the call of " + failures.procedure()
                                        + " in time; it was not run",
                                false,
                                null));
    }
}
