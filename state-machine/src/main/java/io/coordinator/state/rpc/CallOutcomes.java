package io.coordinator.state.rpc;

import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/** What workers do with the calls that they have, and what becomes of these when a worker is gone. */
final class CallOutcomes {
    private static final RemoteFailure STOPPED = RemoteFailure.newBuilder()
            .setCode(ErrorCode.EHANDLER.name())
            .setMessage("the worker has stopped the call, although nobody asked it to; look into its log")
            .build();

    private final CallTable calls;
    private final CallDispatching dispatching;
    private final SessionDirectory sessions;
    private final EventCredit credit;

    CallOutcomes(CallTable calls, CallDispatching dispatching, SessionDirectory sessions, EventCredit credit) {
        this.calls = calls;
        this.dispatching = dispatching;
        this.sessions = sessions;
        this.credit = credit;
    }

    /** Only the token of a lease that has not ended, and only in its session, completes a call. */
    Reply.Builder complete(Context at, Name name, CompleteCall complete, Effects effects) {
        CallRow call = leased(at, name, complete.getToken());
        if (call == null) {
            return RpcReplies.completed(false);
        }
        boolean accepted = !dispatching.isOver(at, call);
        if (!accepted && !call.getGivenUp() && at.isPast(call.getDeadlineMillis())) {
            RpcEvents.failed(name, call, CallFailed.Reason.TIMED_OUT, effects);
        }
        if (accepted && complete.hasHandedBack()) {
            long member = call.getLease().getMember();
            CallRow waiting = dispatching.putBack(name, call, call.getAttempts() - 1);
            dispatching.passOn(at, name, waiting, member, effects);
        } else {
            if (accepted) {
                tell(name, call, complete, effects);
            }
            dispatching.end(name, call);
        }
        dispatching.settle(at, name, effects, effects.slice());
        return RpcReplies.completed(accepted || complete.hasCancelled());
    }

    private static void tell(Name name, CallRow call, CompleteCall complete, Effects effects) {
        switch (complete.getOutcomeCase()) {
            case RESULT -> RpcEvents.returned(name, call, complete.getResult(), effects);
            case FAILURE -> RpcEvents.handlerFailed(name, call, complete.getFailure(), effects);
            case CANCELLED -> RpcEvents.handlerFailed(name, call, STOPPED, effects);
            case HANDED_BACK, OUTCOME_NOT_SET -> throw new UnknownOperationException("an outcome of a call");
        }
    }

    /** What the caller has no credit for is dropped: the next one says more. */
    Reply.Builder progress(Context at, Name name, ReportCallProgress report, Effects effects) {
        CallRow call = leased(at, name, report.getToken());
        if (call == null || dispatching.isOver(at, call)) {
            return RpcReplies.reported(false);
        }
        if (!credit.isUsedUp(call.getSessionId())) {
            RpcEvents.progress(name, call, report.getValue(), effects);
        }
        return RpcReplies.reported(true);
    }

    private @Nullable CallRow leased(Context at, Name name, long token) {
        CallRow call = calls.leased(name, token);
        return call != null && call.getLease().getSessionId() == at.sessionId() ? call : null;
    }

    /** The session of the worker that has a call has ended. Who gets it instead: {@link CallDispatching#settle}. */
    void orphan(Context at, Name name, CallRow call, Effects effects) {
        if (call.getIdempotent() && !dispatching.isOver(at, call)) {
            dispatching.putBack(name, call, call.getAttempts());
            return;
        }
        if (!call.getGivenUp() && sessions.isOpen(call.getSessionId())) {
            boolean late = at.isPast(call.getDeadlineMillis());
            RpcEvents.failed(name, call, late ? CallFailed.Reason.TIMED_OUT : CallFailed.Reason.WORKER_GONE, effects);
        }
        dispatching.end(name, call);
    }
}
