package io.coordinator.server.call;

import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.RemoteFailure;

/** What callers are told of calls that have no result. */
final class CallAnswers {
    private static final long RETRY_AFTER_MILLIS = 100;

    private CallAnswers() {}

    static EphemeralOutcome failed(PendingCall call, CallFailed.Reason reason) {
        return EphemeralOutcome.newBuilder()
                .setId(call.id())
                .setFailed(CallFailed.newBuilder().setReason(reason))
                .build();
    }

    static EphemeralOutcome failed(PendingCall call, RemoteFailure failure) {
        return EphemeralOutcome.newBuilder()
                .setId(call.id())
                .setFailed(CallFailed.newBuilder()
                        .setReason(CallFailed.Reason.HANDLER)
                        .setFailure(failure))
                .build();
    }

    /** The worker has said that it was told to stop, but was not. */
    static EphemeralOutcome stopped(PendingCall call) {
        return failed(
                call,
                failure(
                        ErrorCode.EHANDLER.name(),
                        "the worker has stopped the call, although nobody asked it to; look into its log"));
    }

    /** Its result was made, and cannot be told. */
    static EphemeralOutcome untellable(PendingCall call, Error why) {
        return failed(
                call,
                failure(why.getCode().name(), "the handler ran, but its result was refused: " + why.getMessage()));
    }

    /** Its caller has not taken the results before. */
    static EphemeralOutcome noRoom(PendingCall call) {
        return failed(
                call,
                failure(
                        ErrorCode.EBUSY.name(),
                        "the handler ran, but too many results wait for their callers, so this one was dropped; read"
                                + " results faster, or have fewer calls at a time"));
    }

    private static RemoteFailure failure(String code, String message) {
        return RemoteFailure.newBuilder().setCode(code).setMessage(message).build();
    }

    static Error noHandler(ProcedureLine line) {
        return error(
                ErrorCode.ENOHANDLER,
                "no handler registered for \"" + line.name() + "\"; start a worker that serves it in namespace \""
                        + line.namespace() + "\", or let the call wait for one");
    }

    /** Registered, but not connected to this leader. */
    static Error noConnection(ProcedureLine line) {
        return error(
                ErrorCode.ENOHANDLER,
                "the workers that are registered for " + line + " take no ephemeral calls: they are cut off, or of an"
                        + " older version; the call was not run");
    }

    static Error backlogIsFull(ProcedureLine line) {
        return busy(line.waiting() + " calls of " + line
                + " wait for a worker, and no more may; the call was not accepted: try again later, or start more"
                + " workers");
    }

    static Error busy(String message) {
        return error(ErrorCode.EBUSY, message).toBuilder()
                .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                .build();
    }

    static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
