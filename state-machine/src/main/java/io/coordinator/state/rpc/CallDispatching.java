package io.coordinator.state.rpc;

import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Gives calls to workers and takes them away. Calls are given in the order in which they came, each to the worker that
 * has the fewest. One that nobody waits for any more keeps its worker's place until that is done with it, or for
 * {@link #GRACE_MILLIS}.
 */
final class CallDispatching {
    /** A worker that has not stopped by then hangs, and gets others in its place. */
    static final long GRACE_MILLIS = 5_000;

    private final ProcedureNames names;
    private final ProcedureWorkers workers;
    private final CallTable calls;
    private final SessionDirectory sessions;

    CallDispatching(ProcedureNames names, ProcedureWorkers workers, CallTable calls, SessionDirectory sessions) {
        this.names = names;
        this.workers = workers;
        this.calls = calls;
        this.sessions = sessions;
    }

    /** Whether nobody waits for a call any more, although its row may say otherwise. */
    boolean isOver(Context at, CallRow call) {
        return call.getGivenUp() || sessions.isOver(at, call.getSessionId(), call.getDeadlineMillis());
    }

    // ---- giving ----

    /**
     * Gives calls from the head for as long as somebody takes them, until the slice is spent; a job does the rest.
     * Meanwhile they wait, so that none that comes later overtakes.
     */
    void settle(Context at, Name name, Effects effects, Slice slice) {
        CallRow head = calls.head(name);
        PoolMember next = next(name, head);
        while (head != null && (next != null || isOver(at, head))) {
            if (slice.isSpent()) {
                effects.later(DataKind.RPC, Chore.newBuilder().setSubject(name.key()));
                return;
            }
            if (next == null || isOver(at, head)) {
                drop(at, name, head, effects);
            } else {
                dispatch(at, name, head, next, effects);
            }
            head = calls.head(name);
            next = next(name, head);
        }
        forgetIfUnused(name);
    }

    private @Nullable PoolMember next(Name name, @Nullable CallRow head) {
        return head == null ? null : workers.pools().next(name.key());
    }

    /** Gives a call, which may not have a row yet, to a worker that has room. */
    void dispatch(Context at, Name name, CallRow call, PoolMember worker, Effects effects) {
        Lease lease = workers.pools().lease(name.key(), worker, CallTable.key(name, call.getTicket()), 0, effects);
        CallRow dispatched = call.toBuilder()
                .setLease(lease)
                .setAttempts(call.getAttempts() + 1)
                .clearWaitUntilMillis()
                .build();
        calls.put(name, dispatched);
        String caller = sessions.clientName(call.getSessionId());
        RpcEvents.dispatched(name, worker, dispatched, caller, at.nowMillis(), effects);
    }

    /** Takes out a call that waits and is over. */
    private void drop(Context at, Name name, CallRow call, Effects effects) {
        calls.remove(name, call);
        if (at.isPast(call.getDeadlineMillis())) {
            RpcEvents.failed(name, call, CallFailed.Reason.TIMED_OUT, effects);
        }
    }

    // ---- taking away ----

    /** Nobody waits for a call any more that a worker has: tells the worker, and waits for it to stop. */
    void giveUp(Context at, Name name, CallRow call, CallRevoked.Reason reason, Effects effects) {
        Lease lease = call.getLease();
        PoolMember worker = workers.pools().find(name.key(), lease.getMember());
        if (worker == null) {
            throw new IllegalStateException("call " + call.getTicket() + " of " + name + " is leased to nobody");
        }
        RpcEvents.revoked(name, worker, call, reason, effects);
        calls.put(
                name,
                call.toBuilder()
                        .setGivenUp(true)
                        .setDeadlineMillis(at.deadlineAfter(GRACE_MILLIS))
                        .clearArguments()
                        .build());
    }

    /** Ends a call that a worker has, and frees its place; who gets the next one is up to {@link #settle}. */
    void end(Name name, CallRow call) {
        calls.remove(name, call);
        workers.end(name, call.getLease());
    }

    /** Ends the lease of a call, which waits again in its old place. */
    CallRow putBack(Name name, CallRow call, int attempts) {
        CallRow waiting = call.toBuilder().clearLease().setAttempts(attempts).build();
        calls.put(name, waiting);
        workers.end(name, call.getLease());
        return waiting;
    }

    /** Gives a call that waits again to another worker than this one, if it is the next and another one has room. */
    void passOn(Context at, Name name, CallRow call, long member, Effects effects) {
        PoolMember other = call.equals(calls.head(name)) ? workers.pools().nextBut(name.key(), member) : null;
        if (other != null) {
            dispatch(at, name, call, other, effects);
        }
    }

    void forgetIfUnused(Name name) {
        if (calls.waiting(name) == 0 && workers.pools().size(name.key()) == 0 && names.exists(name)) {
            names.forget(name);
        }
    }

    // ---- time ----

    /** The deadline in a call's row has passed. */
    void expire(Context at, Name name, CallRow call, Effects effects) {
        if (call.getGivenUp()) {
            end(name, call);
            settle(at, name, effects, effects.slice());
        } else if (!at.isPast(call.getDeadlineMillis())) {
            endWait(name, call, effects);
        } else if (call.hasLease()) {
            RpcEvents.failed(name, call, CallFailed.Reason.TIMED_OUT, effects);
            giveUp(at, name, call, CallRevoked.Reason.TIMED_OUT, effects);
        } else {
            drop(at, name, call, effects);
            settle(at, name, effects, effects.slice());
        }
    }

    /** A call has waited long enough for a worker to come. If there is one, it now waits only for its turn. */
    private void endWait(Name name, CallRow call, Effects effects) {
        if (workers.hasWorker(name)) {
            calls.put(name, call.toBuilder().clearWaitUntilMillis().build());
        } else {
            calls.remove(name, call);
            RpcEvents.failed(name, call, CallFailed.Reason.NO_WORKER, effects);
            forgetIfUnused(name);
        }
    }
}
