package io.coordinator.state.rpc;

import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionLimits;
import org.jspecify.annotations.Nullable;

/** Calling, and changing one's mind. */
final class CallRequests {
    static final long TIMEOUT_DEFAULT_MILLIS = 30_000;

    private final ProcedureNames names;
    private final ProcedureWorkers workers;
    private final CallTable calls;
    private final CallDispatching dispatching;
    private final EventCredit credit;

    CallRequests(
            ProcedureNames names,
            ProcedureWorkers workers,
            CallTable calls,
            CallDispatching dispatching,
            EventCredit credit) {
        this.names = names;
        this.workers = workers;
        this.calls = calls;
        this.dispatching = dispatching;
        this.credit = credit;
    }

    Reply.Builder call(Context at, Name name, CallProcedure asked, Effects effects) {
        PoolMember next = calls.head(name) == null ? workers.pools().next(name.key()) : null;
        Reply.Builder refusal = refusal(at, name, asked, next);
        if (refusal != null) {
            return refusal;
        }
        names.keep(name);
        CallRow call = row(at, asked, effects.nextTicket());
        if (next != null) {
            dispatching.dispatch(at, name, call, next, effects);
            return RpcReplies.accepted(0, call.getDeadlineMillis());
        }
        calls.put(name, call);
        dispatching.settle(at, name, effects, effects.slice());
        CallRow settled = calls.find(name, at.sessionId(), at.seq());
        boolean waits = settled != null && !settled.hasLease();
        return RpcReplies.accepted(waits ? calls.waiting(name) - 1L : 0, call.getDeadlineMillis());
    }

    private Reply.@Nullable Builder refusal(Context at, Name name, CallProcedure asked, @Nullable PoolMember next) {
        if (next == null && asked.getWaitForWorkerMillis() == 0 && !workers.hasWorker(name)) {
            return RpcReplies.noHandler(name);
        }
        int pending = calls.count(at.sessionId());
        if (pending >= SessionLimits.CALLS_MAX) {
            return SessionLimits.sessionIsFull(
                    at.sessionId(), pending + " calls that are not over", SessionLimits.CALLS_MAX);
        }
        int waiting = calls.waiting(name);
        return Integer.compareUnsigned(waiting, names.backlogMax(name)) >= 0
                ? RpcReplies.backlogIsFull(name, waiting)
                : credit.refusal(at.sessionId());
    }

    private static CallRow row(Context at, CallProcedure asked, long ticket) {
        boolean noTimeout = asked.getTimeoutMillis() <= 0;
        long deadline = at.deadlineAfter(noTimeout ? TIMEOUT_DEFAULT_MILLIS : asked.getTimeoutMillis());
        long wait = asked.getWaitForWorkerMillis();
        return CallRow.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setTicket(ticket)
                .setArguments(asked.getArguments())
                .setDeadlineMillis(deadline)
                .setWaitUntilMillis(wait < 0 ? deadline : Math.min(deadline, at.deadlineAfter(wait)))
                .setIdempotent(asked.getIdempotent())
                .setCalledAtMillis(at.nowMillis())
                .setDefaultTimeout(noTimeout)
                .build();
    }

    /** After this the caller is told no outcome. */
    Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        CallRow call = calls.find(name, at.sessionId(), requestSeq);
        if (call == null) {
            return RpcReplies.cancelled(false);
        }
        leave(at, name, call, CallRevoked.Reason.CANCELLED, effects);
        return RpcReplies.cancelled(true);
    }

    /** Nobody waits for the outcome of a call any more. */
    void leave(Context at, Name name, CallRow call, CallRevoked.Reason reason, Effects effects) {
        if (call.hasLease()) {
            dispatching.giveUp(at, name, call, reason, effects);
        } else {
            calls.remove(name, call);
            dispatching.forgetIfUnused(name);
        }
    }
}
