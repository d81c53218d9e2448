package io.coordinator.state.semaphore;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.protocol.SemaphoreResized;
import io.coordinator.protocol.SemaphoreSize;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitGraph;
import io.coordinator.state.kernel.WaitQueues;
import io.coordinator.state.kernel.WaitSource;
import java.util.Iterator;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counting semaphores. A grant is of some permits, and its token names it; it ends by release, by its deadline or with
 * its session, and its permits go to those who came first.
 */
public final class Semaphores implements DataType, WaitSource {
    private static final int WAITERS = 2;
    /** The step of a job; the others are those of {@link Resizing}. */
    private static final int SETTLE = 0;

    private final SemaphoreSizes sizes;
    private final PermitTable permits;
    private final WaitQueues<PermitWaiter> waiters;
    private final Resizing resizing;
    private final PermitSettling settling;
    private final PermitRequests requests;
    private final PermitHolding holding;
    private final SemaphoreQueries queries;
    private final SessionDirectory sessions;

    public Semaphores(Storage storage, SessionDirectory sessions) {
        this.sessions = sessions;
        sizes = new SemaphoreSizes(storage);
        permits = new PermitTable(storage);
        waiters = new WaitQueues<>(
                storage.table(
                        DataKind.SEMAPHORE,
                        WAITERS,
                        WaitQueues.format(PermitWaiter.parser()),
                        PermitWaiter::getDeadlineMillis),
                Resizing.COLUMNS,
                storage.undo());
        resizing = new Resizing(sizes, waiters);
        settling = new PermitSettling(sizes, permits, waiters, resizing, sessions);
        requests = new PermitRequests(
                sizes, permits, waiters, resizing, settling, new EventCredit(DataKind.SEMAPHORE, sessions));
        holding = new PermitHolding(permits, settling);
        queries = new SemaphoreQueries(sizes, permits, waiters, sessions);
    }

    @Override
    public DataKind kind() {
        return DataKind.SEMAPHORE;
    }

    @Override
    public void admit(Command command, Check check) {
        SemaphoreAdmission.admit(command.getSemaphore(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        SemaphoreAdmission.admit(query.getSemaphore(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        SemaphoreCommand semaphore = command.getSemaphore();
        Name name = Name.of(semaphore.getNamespace(), semaphore.getName());
        return switch (semaphore.getOperationCase()) {
            case ACQUIRE -> requests.acquire(at, name, semaphore.getAcquire(), effects);
            case CANCEL -> requests.cancel(at, name, semaphore.getCancel().getRequestSeq(), effects);
            case RELEASE -> holding.release(at, name, semaphore.getRelease().getToken(), effects);
            case EXTEND -> holding.extend(at, name, semaphore.getExtend(), effects);
            case RESIZE -> resize(at, name, semaphore.getResize().getLimit(), effects);
            case DELETE -> delete(name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a semaphore operation");
        };
    }

    private Reply.Builder resize(Context at, Name name, int limit, Effects effects) {
        SemaphoreSize before = sizes.find(name);
        if (before == null || before.getLimit() != limit || !before.getConfigured()) {
            boolean fewer = before != null && Integer.compareUnsigned(limit, before.getLimit()) < 0;
            sizes.put(name, limit, true);
            effects.change(DataKind.SEMAPHORE, name, ChangeKind.RESIZED, ByteString.EMPTY);
            Slice slice = effects.slice();
            int step = fewer ? Resizing.TURN_AWAY : Resizing.LET_IN;
            long doneTo = resizing.goOn(name, step, 0, effects, slice);
            if (doneTo == Resizing.DONE) {
                settling.settle(at, name, effects, slice);
            } else {
                effects.later(
                        DataKind.SEMAPHORE,
                        Chore.newBuilder().setSubject(name.key()).setStep(step).setBound(doneTo));
            }
        }
        return SemaphoreReplies.reply(SemaphoreReply.newBuilder()
                .setResized(SemaphoreResized.newBuilder().setLimit(limit)));
    }

    private Reply.Builder delete(Name name, Effects effects) {
        SemaphoreSize size = sizes.find(name);
        if (size == null || !size.getConfigured()) {
            return SemaphoreReplies.deleted(false);
        }
        sizes.put(name, size.getLimit(), false);
        effects.change(DataKind.SEMAPHORE, name, ChangeKind.DELETED, ByteString.EMPTY);
        settling.forgetIfUnused(name);
        return SemaphoreReplies.deleted(true);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == PermitTable.NUMBER) {
            PermitHold hold = permits.row(due.key());
            if (hold != null) {
                settling.reap(at, PermitTable.nameOf(due.key()), hold, effects, effects.slice());
            }
        } else {
            PermitWaiter waiter = waiters.remove(due.key());
            if (waiter != null) {
                Name name = Name.ofKey(WaitQueues.waitedFor(due.key()));
                SemaphoreEvents.elapsed(name, waiter, effects);
                settling.settle(at, name, effects, effects.slice());
            }
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        String waited = slice.isSpent() ? null : waiters.drop(sessionId);
        while (waited != null) {
            settling.settle(at, Name.ofKey(waited), effects, slice);
            waited = slice.isSpent() ? null : waiters.drop(sessionId);
        }
        String row = permits.firstRowOf(sessionId);
        while (row != null && !slice.isSpent()) {
            PermitHold hold = permits.row(row);
            if (hold == null) {
                throw new IllegalStateException("session " + sessionId + " has permits without a row");
            }
            settling.reap(at, PermitTable.nameOf(row), hold, effects, slice);
            row = permits.firstRowOf(sessionId);
        }
        return row == null && waiters.count(sessionId) == 0;
    }

    /** Goes on granting the permits of a semaphore, or with what a resize means for those who wait. */
    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        Name name = Name.ofKey(chore.getSubject());
        if (chore.getStep() != SETTLE) {
            long doneTo = resizing.goOn(name, chore.getStep(), chore.getBound(), effects, slice);
            if (doneTo != Resizing.DONE) {
                return chore.toBuilder().setBound(doneTo).build();
            }
        }
        settling.settle(at, name, effects, slice);
        return null;
    }

    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getSemaphore().getOperationCase()) {
            case CANCEL, RELEASE, EXTEND, DELETE -> true;
            case ACQUIRE, RESIZE, OPERATION_NOT_SET -> false;
        };
    }

    @Override
    public void rebuild() {
        permits.rebuild();
        waiters.rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("semaphores", sizes.size());
        counts.accept("permitWaiters", waiters.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.query(query.getSemaphore(), at);
    }

    /**
     * Adds each waiter to the semaphores that have fewer free permits than it wants; who wants more than there are
     * waits for no holder.
     */
    @Override
    public void describeWaits(Context at, WaitGraph graph) {
        waiters.scan((key, waiter) -> {
            Name name = Name.ofKey(key);
            if (!resizing.isImpossible(name, waiter)
                    && Resizing.wanted(waiter) > sizes.limit(name, 0) - permits.taken(name)
                    && !sessions.isOver(at, waiter.getSessionId(), waiter.getDeadlineMillis())) {
                graph.add(waiter.getSessionId(), DataKind.SEMAPHORE, name, () -> holders(at, name));
            }
            return graph.visit();
        });
    }

    private Iterator<Long> holders(Context at, Name name) {
        return permits.holds(name).stream()
                .filter(hold -> !settling.isOver(at, hold))
                .map(PermitHold::getSessionId)
                .iterator();
    }
}
