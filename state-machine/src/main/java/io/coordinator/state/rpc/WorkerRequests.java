package io.coordinator.state.rpc;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.UnregisterWorker;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionLimits;
import org.jspecify.annotations.Nullable;

/** Becoming a worker, and ceasing to be one. */
final class WorkerRequests {
    private final ProcedureNames names;
    private final ProcedureWorkers workers;
    private final CallDispatching dispatching;
    private final EventCredit credit;

    WorkerRequests(ProcedureNames names, ProcedureWorkers workers, CallDispatching dispatching, EventCredit credit) {
        this.names = names;
        this.workers = workers;
        this.dispatching = dispatching;
        this.credit = credit;
    }

    Reply.Builder register(Context at, Name name, RegisterWorker register, Effects effects) {
        if (register.getConcurrency() == 0) {
            return Refusals.reply(
                    ErrorCode.EINVAL, "concurrency is 0; register for " + name + " with at least one call at a time");
        }
        PoolMember before = workers.find(name, at.sessionId());
        Reply.Builder refusal = refusal(at, name, before);
        if (refusal != null) {
            return refusal;
        }
        if (before != null) {
            workers.leave(name, before, true);
        }
        names.setBacklog(name, register.getBacklogMax());
        PoolMember worker = Memberships.fresh(at, register.getConcurrency(), effects);
        workers.add(name, worker);
        dispatching.settle(at, name, effects, effects.slice());
        return RpcReplies.registered(worker.getTicket());
    }

    private Reply.@Nullable Builder refusal(Context at, Name name, @Nullable PoolMember before) {
        int count = workers.pools().count(at.sessionId());
        boolean more = before == null || workers.pools().leased(name.key(), before.getTicket()) > 0;
        return more && count >= SessionLimits.REGISTRATIONS_MAX
                ? SessionLimits.sessionIsFull(
                        at.sessionId(), count + " registrations as a worker", SessionLimits.REGISTRATIONS_MAX)
                : credit.refusal(at.sessionId());
    }

    /** What the worker has goes on in either case. */
    Reply.Builder unregister(Context at, Name name, UnregisterWorker unregister) {
        PoolMember worker = workers.pools().find(name.key(), unregister.getMember());
        if (worker == null || worker.getSessionId() != at.sessionId()) {
            return RpcReplies.unregistered(false);
        }
        workers.leave(name, worker, unregister.getDrain() && ProcedureWorkers.isListed(worker));
        dispatching.forgetIfUnused(name);
        return RpcReplies.unregistered(!worker.getLeaving());
    }
}
