package io.coordinator.state.rpc;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Remote procedure calls. Sessions register as workers of a name; a call is a row with a deadline, which is given to
 * the worker that has the fewest, and its outcome is told to its caller once. No call is given to a second worker
 * unless the first one gave it back, or is gone and the call may run more than once.
 */
public final class Procedures implements DataType {
    /** To find that there is nothing to give. */
    private static final int SETTLE_STEPS = 20;

    private final ProcedureNames names;
    private final ProcedureWorkers workers;
    private final Memberships members;
    private final CallTable calls;
    private final CallDispatching dispatching;
    private final WorkerRequests registering;
    private final CallRequests requests;
    private final CallOutcomes outcomes;
    private final RpcQueries queries;

    public Procedures(Storage storage, SessionDirectory sessions) {
        EventCredit credit = new EventCredit(DataKind.RPC, sessions);
        names = new ProcedureNames(storage);
        workers = new ProcedureWorkers(storage, sessions);
        members = new Memberships(workers.pools());
        calls = new CallTable(storage);
        dispatching = new CallDispatching(names, workers, calls, sessions);
        registering = new WorkerRequests(names, workers, dispatching, credit);
        requests = new CallRequests(names, workers, calls, dispatching, credit);
        outcomes = new CallOutcomes(calls, dispatching, sessions, credit);
        queries = new RpcQueries(names, workers, calls, sessions);
    }

    @Override
    public DataKind kind() {
        return DataKind.RPC;
    }

    @Override
    public void admit(Command command, Check check) {
        RpcAdmission.admit(command.getRpc(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        RpcAdmission.admit(query.getRpc(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        RpcCommand rpc = command.getRpc();
        Name name = Name.of(rpc.getNamespace(), rpc.getName());
        return switch (rpc.getOperationCase()) {
            case REGISTER -> registering.register(at, name, rpc.getRegister(), effects);
            case UNREGISTER -> registering.unregister(at, name, rpc.getUnregister());
            case CALL -> requests.call(at, name, rpc.getCall(), effects);
            case CANCEL -> requests.cancel(at, name, rpc.getCancel().getRequestSeq(), effects);
            case COMPLETE -> complete(at, name, rpc.getComplete(), effects);
            case PROGRESS -> outcomes.progress(at, name, rpc.getProgress(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("an operation of calls");
        };
    }

    private Reply.Builder complete(Context at, Name name, CompleteCall complete, Effects effects) {
        if (complete.getOutcomeCase() == CompleteCall.OutcomeCase.OUTCOME_NOT_SET) {
            throw new UnknownOperationException("an outcome of a call");
        }
        return outcomes.complete(at, name, complete, effects);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        CallRow call = calls.row(due.key());
        if (call != null) {
            dispatching.expire(at, CallTable.nameOf(due.key()), call, effects);
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return leaveCalls(at, sessionId, effects, slice) && leavePools(at, sessionId, effects, slice);
    }

    /** What the session has called is over, and whoever has it is told. */
    private boolean leaveCalls(Context at, long sessionId, Effects effects, Slice slice) {
        String row = calls.firstRowOf(sessionId);
        while (row != null && !slice.isSpent()) {
            CallRow call = calls.row(row);
            if (call == null) {
                throw new IllegalStateException("session " + sessionId + " has calls without a row");
            }
            requests.leave(at, CallTable.nameOf(row), call, CallRevoked.Reason.CALLER_GONE, effects);
            row = calls.firstRowOf(sessionId);
        }
        return row == null;
    }

    /** What the session was called for fails, or goes to others. */
    private boolean leavePools(Context at, long sessionId, Effects effects, Slice slice) {
        Pools.Place place = workers.pools().first(sessionId);
        while (place != null && !slice.isSpent()) {
            Name name = Name.ofKey(place.pool());
            if (!place.member().getLeaving()) {
                workers.leave(name, place.member(), true);
            }
            orphan(at, name, place.member().getTicket(), effects, slice);
            dispatching.settle(at, name, effects, slice);
            place = workers.pools().first(sessionId);
        }
        return place == null;
    }

    private void orphan(Context at, Name name, long member, Effects effects, Slice slice) {
        members.clear(name.key(), member, slice, row -> {
            CallRow call = calls.row(row);
            if (call == null) {
                throw new IllegalStateException("worker " + member + " of " + name + " has a call without a row");
            }
            outcomes.orphan(at, name, call, effects);
        });
    }

    /** The session is the job's {@code bound}, and the name that was settled last is its {@code cursor}. */
    @Override
    public Chore.Builder hearsAgain(long sessionId) {
        return Chore.newBuilder().setBound(sessionId);
    }

    /** Goes on giving calls to workers: those of one name, or of all that a session serves. */
    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        if (chore.getBound() == 0) {
            dispatching.settle(at, Name.ofKey(chore.getSubject()), effects, slice);
            return null;
        }
        String cursor = chore.getCursor();
        for (String name = workers.nameAfter(chore.getBound(), cursor); name != null; ) {
            if (slice.isSpent()) {
                return chore.toBuilder().setCursor(cursor).build();
            }
            dispatching.settle(at, Name.ofKey(name), effects, slice);
            effects.meter().steps("procedures", SETTLE_STEPS);
            cursor = name;
            name = workers.nameAfter(chore.getBound(), cursor);
        }
        return null;
    }

    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getRpc().getOperationCase()) {
            case UNREGISTER, CANCEL, COMPLETE -> true;
            case REGISTER, CALL, PROGRESS, OPERATION_NOT_SET -> false;
        };
    }

    @Override
    public void rebuild() {
        workers.rebuild();
        calls.rebuild();
        calls.forEachLeased((name, row, call) -> workers.pools().restore(name.key(), call.getLease(), row));
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("procedures", names.size());
        counts.accept("rpcWorkers", workers.pools().size());
        counts.accept("rpcCalls", calls.size());
        counts.accept("rpcCallsWaiting", calls.waiting());
    }

    @Override
    public void rank(Context at, Stats.Builder stats) {
        queries.rank(at, stats);
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.query(at, query.getRpc());
    }
}
