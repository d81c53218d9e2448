package io.coordinator.state.lock;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitGraph;
import io.coordinator.state.kernel.WaitSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Locks, exclusive or shared. A grant is of one lock or of several at once, and its token names it; it ends by release,
 * by its deadline, with its session or by force, whichever comes first, and passes in the same entry to those
 * who came first. Not reentrant unless asked: a session that asks twice waits for itself.
 */
public final class Locks implements DataType, Fence, WaitSource {
    /** Steps of chores: to go on granting the lock that is the subject, and to go on with a forced release. */
    static final int SETTLE = 0;

    static final int FORCE = 1;
    /** How many grants that are over may stand before the newest live one, to name it to somebody. */
    private static final int SKIPPED_MAX = 64;

    private final Lanes lanes = new Lanes();
    private final LockTable holds;
    private final LockQueues queues;
    private final LockBars bars;
    private final AuditTrail audit;
    private final Settling settling;
    private final Acquiring acquiring;
    private final Holding holding;
    private final LockQueries queries;
    private final List<WaitSource> waitSources;

    /** @param others what sessions wait for besides locks, for the search for cycles */
    public Locks(Storage storage, SessionDirectory sessions, List<? extends WaitSource> others) {
        holds = new LockTable(storage, lanes);
        queues = new LockQueues(storage, lanes);
        bars = new LockBars(storage, LockBars.MAX);
        audit = new AuditTrail(storage);
        settling = new Settling(lanes, holds, queues, bars, sessions);
        acquiring = new Acquiring(lanes, holds, queues, settling, new EventCredit(DataKind.LOCK, sessions));
        holding = new Holding(lanes, holds, settling, audit, sessions);
        queries = new LockQueries(lanes, holds, queues, audit, sessions);
        waitSources = new ArrayList<>(others);
    }

    @Override
    public DataKind kind() {
        return DataKind.LOCK;
    }

    @Override
    public boolean isLive(Context at, String namespace, String lock, long token) {
        LockHold hold = holds.find(Name.of(namespace, lock), token);
        return hold != null && !settling.isOver(at, hold);
    }

    @Override
    public long liveToken(Context at, String namespace, String lock) {
        Lane lane = lanes.find(Name.of(namespace, lock).key());
        if (lane == null) {
            return 0;
        }
        return lane.newestFirst().stream()
                .limit(SKIPPED_MAX)
                .filter(hold -> !settling.isOver(at, hold))
                .mapToLong(LockHold::getToken)
                .findFirst()
                .orElse(0);
    }

    @Override
    public long lastToken(String namespace, String lock) {
        Name name = Name.of(namespace, lock);
        Lane lane = lanes.find(name.key());
        LockHold newest = lane == null ? null : lane.newest();
        return Math.max(newest == null ? 0 : newest.getToken(), bars.of(name));
    }

    @Override
    public void admit(Command command, Check check) {
        LockAdmission.admit(command.getLock(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        LockAdmission.admit(query.getLock(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        LockCommand lock = command.getLock();
        if (lock.getOperationCase() == LockCommand.OperationCase.OPERATION_NOT_SET) {
            throw new UnknownOperationException("a lock operation");
        }
        String problem = LockNames.problem(lock.getNamesList());
        if (!problem.isEmpty()) {
            return Refusals.reply(ErrorCode.EINVAL, "names " + problem);
        }
        Request request = Request.of(lock);
        return switch (lock.getOperationCase()) {
            case ACQUIRE -> acquiring.acquire(at, request, lock.getAcquire(), effects);
            case CANCEL -> acquiring.cancel(at, request, lock.getCancel().getRequestSeq(), effects);
            case RELEASE -> holding.release(at, request, lock.getRelease().getToken(), effects);
            case EXTEND -> holding.extend(at, request, lock.getExtend(), effects);
            case DOWNGRADE -> holding.downgrade(at, request, lock.getDowngrade().getToken(), effects);
            case FORCE_RELEASE -> holding.force(at, request, lock.getForceRelease(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a lock operation");
        };
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == LockTable.NUMBER) {
            LockHold hold = holds.row(due.key());
            if (hold != null) {
                // All names of a grant are due at once.
                settling.reap(at, LockTable.nameOf(due.key()).namespace(), hold, effects, effects.slice());
            }
        } else {
            LockWaiter waiter = queues.row(due.key());
            if (waiter != null) {
                settling.elapse(at, waiter, effects);
            }
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        LockWaiter waiter = queues.first(sessionId);
        while (waiter != null && !slice.isSpent()) {
            settling.withdraw(at, waiter, effects, slice);
            waiter = queues.first(sessionId);
        }
        String row = holds.firstRowOf(sessionId);
        while (row != null && !slice.isSpent()) {
            LockHold hold = holds.row(row);
            if (hold == null) {
                throw new IllegalStateException("session " + sessionId + " has a grant without a row");
            }
            settling.reap(at, LockTable.nameOf(row).namespace(), hold, effects, slice);
            row = holds.firstRowOf(sessionId);
        }
        return waiter == null && row == null;
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        if (chore.getStep() == FORCE) {
            return holding.resumeForce(at, chore, effects, slice) ? null : chore;
        }
        settling.resume(at, Name.ofKey(chore.getSubject()), effects, slice);
        return null;
    }

    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getLock().getOperationCase()) {
            case CANCEL, RELEASE, EXTEND, DOWNGRADE, FORCE_RELEASE -> true;
            case ACQUIRE, OPERATION_NOT_SET -> false;
        };
    }

    /** An ended grant that is the last one here need not have been the last. */
    @Override
    public void beginAnew(long leftOut) {
        bars.clear();
    }

    @Override
    public void rebuild() {
        holds.rebuild();
        queues.rebuild();
        bars.rebuild();
        audit.rebuild();
    }

    @Override
    public Conditional conditions() {
        return new LockConditions(this);
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("locks", holds.size());
        counts.accept("lockWaiters", queues.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.query(query.getLock(), at, this, graph -> {
            describeWaits(at, graph);
            waitSources.forEach(source -> source.describeWaits(at, graph));
        });
    }

    @Override
    public void describeWaits(Context at, WaitGraph graph) {
        queries.describeWaits(at, graph);
    }
}
