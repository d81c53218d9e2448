package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.RemoteFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What callers are told of calls without a result.
 *
 * @param timeout of the caller's own, or null
 */
record CallFailures(ProcedureId procedure, @Nullable Duration timeout) {
    /** How long the caller waits. */
    Duration time() {
        return timeout == null ? CallOptions.DEFAULT_TIMEOUT : timeout;
    }

    CoordinatorException of(CallFailed failed) {
        RemoteFailure failure = failed.getFailure();
        return switch (failed.getReason()) {
            case HANDLER -> isGone(failure) ? gone() : remote(failure);
            case TIMED_OUT -> late();
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

    /** The time is over: the caller's own, or the default one. */
    CoordinatorException late() {
        return timeout == null ? new CallTimeoutException(lateness()) : lateOfItsOwn();
    }

    /** As {@link #late()}, whoever named the timeout. */
    RequestTimeoutException lateOfItsOwn() {
        return new RequestTimeoutException(lateness(), true, null);
    }

    private String lateness() {
        return "no result of " + procedure + " within " + Times.millis(time())
                + " ms; a worker that has the call is told to stop, but may have done its work";
    }

    ClosedException closed() {
        return new ClosedException("the client was closed while waiting for the result of " + procedure, true);
    }
}
