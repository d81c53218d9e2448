package io.coordinator.state.semaphore;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExtendPermits;
import io.coordinator.protocol.PermitGrant;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.PermitsBusy;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.PermitsQueued;
import io.coordinator.protocol.PermitsReleased;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreDeleted;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.protocol.SemaphoreResized;
import io.coordinator.protocol.SemaphoreSize;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitGraph;
import io.coordinator.state.kernel.WaitQueues;
import io.coordinator.state.kernel.WaitSource;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counting semaphores. A grant is of some permits, and its token names it; it ends by release, by its deadline or with
 * its session. Permits go to those who wait in the order in which they came: one who wants many is not overtaken by
 * those who want few, unless it wants more than there are.
 */
public final class Semaphores implements DataType, WaitSource {
    private static final int WAITERS = 2;
    /** The step of a job; the others are those of {@link Resizing}. */
    private static final int SETTLE = 0;
    /** Grants that are looked at for one that is over, when a request finds too little free. */
    private static final int REAPED_MAX = 16;

    private final SemaphoreSizes sizes;
    private final PermitTable permits;
    private final WaitQueues<PermitWaiter> waiters;
    private final Resizing resizing;
    private final SemaphoreQueries queries;
    private final SessionDirectory sessions;
    private final EventCredit credit;

    public Semaphores(Storage storage, SessionDirectory sessions) {
        this.sessions = sessions;
        credit = new EventCredit(DataKind.SEMAPHORE, sessions);
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
            case ACQUIRE -> acquire(at, name, semaphore.getAcquire(), effects);
            case CANCEL -> cancel(at, name, semaphore.getCancel().getRequestSeq(), effects);
            case RELEASE -> release(at, name, semaphore.getRelease().getToken(), effects);
            case EXTEND -> extend(at, name, semaphore.getExtend(), effects);
            case RESIZE -> resize(at, name, semaphore.getResize().getLimit(), effects);
            case DELETE -> delete(name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a semaphore operation");
        };
    }

    private Reply.Builder acquire(Context at, Name name, AcquirePermits acquire, Effects effects) {
        long wanted = Integer.toUnsignedLong(acquire.getPermits());
        if (wanted > sizes.limit(name, acquire.getInitialLimit()) - permits.taken(name)) {
            makeWay(at, name, effects);
        }
        long limit = sizes.limit(name, acquire.getInitialLimit());
        if (wanted == 0) {
            return Refusals.reply(ErrorCode.EINVAL, "permits are 0; ask semaphore " + name + " for at least one");
        }
        long free = Math.max(0, limit - permits.taken(name));
        boolean immediate = head(name) == null && wanted <= free;
        Reply.Builder refusal =
                immediate || acquire.getWaitMillis() != 0 ? refuseBeyondLimits(at, name, immediate) : null;
        if (refusal != null) {
            return refusal;
        }
        if (!immediate && acquire.getWaitMillis() == 0) {
            return reply(
                    SemaphoreReply.newBuilder().setBusy(PermitsBusy.newBuilder().setFree((int) free)));
        }
        if (sizes.find(name) == null) {
            sizes.put(name, acquire.getInitialLimit(), false);
        }
        if (immediate) {
            PermitHold hold = grant(
                    at,
                    name,
                    PermitHold.newBuilder()
                            .setSessionId(at.sessionId())
                            .setRequestSeq(at.seq())
                            .setPermits(acquire.getPermits())
                            .setTtlMillis(acquire.getTtlMillis())
                            .setContents(acquire.getContents()),
                    effects);
            return reply(SemaphoreReply.newBuilder().setGranted(toGrant(hold)));
        }
        return queue(at, name, acquire, effects);
    }

    private Reply.@Nullable Builder refuseBeyondLimits(Context at, Name name, boolean immediate) {
        int held = permits.count(at.sessionId());
        if (held >= SessionLimits.HOLDS_MAX) {
            return SessionLimits.sessionIsFull(at.sessionId(), held + " grants of permits", SessionLimits.HOLDS_MAX);
        }
        int waiting = waiters.count(at.sessionId());
        if (!immediate && waiting >= SessionLimits.WAITERS_MAX) {
            return SessionLimits.sessionIsFull(
                    at.sessionId(), waiting + " requests that wait for permits", SessionLimits.WAITERS_MAX);
        }
        return waiters.size(name.key()) >= SessionLimits.QUEUE_MAX
                ? SessionLimits.queueIsFull("semaphore " + name)
                : credit.refusal(at.sessionId());
    }

    /** Ends what is over among the oldest grants. Whatever else is over ends in its turn. */
    private void makeWay(Context at, Name name, Effects effects) {
        Slice slice = effects.slice();
        List<PermitHold> over = permits.holds(name).stream()
                .limit(REAPED_MAX)
                .filter(hold -> isOver(at, hold))
                .toList();
        for (PermitHold hold : over) {
            if (!slice.isSpent()) {
                reap(at, name, hold, effects, slice);
            }
        }
    }

    private boolean isOver(Context at, PermitHold hold) {
        return sessions.isOver(at, hold.getSessionId(), hold.getDeadlineMillis());
    }

    /** Ends a grant that is over, or that is to be ended as if it were: by its deadline or with its session. */
    private void reap(Context at, Name name, PermitHold hold, Effects effects, Slice slice) {
        if (at.isPast(hold.getDeadlineMillis())) {
            SemaphoreEvents.lost(name, hold, effects);
            end(at, name, hold, ChangeKind.EXPIRED, effects, slice);
        } else {
            end(at, name, hold, ChangeKind.RELEASED, effects, slice);
        }
    }

    /** The grant of this token; null if it is over, which is then seen to. */
    private @Nullable PermitHold live(Context at, Name name, long token, Effects effects) {
        return live(at, name, permits.find(name, token), effects);
    }

    private @Nullable PermitHold live(Context at, Name name, @Nullable PermitHold hold, Effects effects) {
        if (hold == null || !isOver(at, hold)) {
            return hold;
        }
        reap(at, name, hold, effects, effects.slice());
        return null;
    }

    private Reply.Builder queue(Context at, Name name, AcquirePermits acquire, Effects effects) {
        int ahead = resizing.add(
                name,
                PermitWaiter.newBuilder()
                        .setSessionId(at.sessionId())
                        .setRequestSeq(at.seq())
                        .setTicket(effects.nextTicket())
                        .setPermits(acquire.getPermits())
                        .setTtlMillis(acquire.getTtlMillis())
                        .setDeadlineMillis(at.deadlineAfter(acquire.getWaitMillis()))
                        .setQueuedAtMillis(at.nowMillis())
                        .setContents(acquire.getContents()));
        return reply(
                SemaphoreReply.newBuilder().setQueued(PermitsQueued.newBuilder().setPosition(ahead)));
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    private Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        PermitWaiter waiter = waiters.find(name.key(), at.sessionId(), requestSeq);
        if (waiter != null) {
            waiters.remove(name.key(), waiter);
            boolean late = at.isPast(waiter.getDeadlineMillis());
            if (late) {
                SemaphoreEvents.elapsed(name, waiter, effects);
            }
            // It may have wanted more than those behind it.
            settle(at, name, effects, effects.slice());
            return cancelled(late ? PermitsCancelled.Outcome.NOTHING : PermitsCancelled.Outcome.DEQUEUED);
        }
        PermitHold hold = live(at, name, permits.findRequest(name, at.sessionId(), requestSeq), effects);
        if (hold == null) {
            return cancelled(PermitsCancelled.Outcome.NOTHING);
        }
        end(at, name, hold, ChangeKind.RELEASED, effects, effects.slice());
        return cancelled(PermitsCancelled.Outcome.RELEASED_GRANT);
    }

    private Reply.Builder release(Context at, Name name, long token, Effects effects) {
        PermitHold hold = live(at, name, token, effects);
        if (hold == null) {
            return effects.isMinted(token)
                    ? reply(SemaphoreReply.newBuilder().setReleased(PermitsReleased.getDefaultInstance()))
                    : neverGranted(name, token);
        }
        if (hold.getSessionId() != at.sessionId()) {
            return notOwner(name, token);
        }
        end(at, name, hold, ChangeKind.RELEASED, effects, effects.slice());
        return reply(SemaphoreReply.newBuilder()
                .setReleased(PermitsReleased.newBuilder().setWasHeld(true)));
    }

    private Reply.Builder extend(Context at, Name name, ExtendPermits extend, Effects effects) {
        PermitHold hold = live(at, name, extend.getToken(), effects);
        if (hold == null) {
            return Refusals.reply(
                    ErrorCode.ELOCKEXTEND,
                    "no permit of semaphore " + name + " is held with token " + extend.getToken()
                            + " any more, so it was not extended; stop the work, or acquire again");
        }
        if (hold.getSessionId() != at.sessionId()) {
            return notOwner(name, extend.getToken());
        }
        PermitHold extended = hold.toBuilder()
                .setTtlMillis(extend.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(extend.getTtlMillis()))
                .build();
        permits.put(name, extended);
        return reply(SemaphoreReply.newBuilder().setExtended(toGrant(extended)));
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
                settle(at, name, effects, slice);
            } else {
                effects.later(
                        DataKind.SEMAPHORE,
                        Chore.newBuilder().setSubject(name.key()).setStep(step).setBound(doneTo));
            }
        }
        return reply(SemaphoreReply.newBuilder()
                .setResized(SemaphoreResized.newBuilder().setLimit(limit)));
    }

    private Reply.Builder delete(Name name, Effects effects) {
        SemaphoreSize size = sizes.find(name);
        if (size == null || !size.getConfigured()) {
            return deleted(false);
        }
        sizes.put(name, size.getLimit(), false);
        effects.change(DataKind.SEMAPHORE, name, ChangeKind.DELETED, ByteString.EMPTY);
        forgetIfUnused(name);
        return deleted(true);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == PermitTable.NUMBER) {
            PermitHold hold = permits.row(due.key());
            if (hold != null) {
                reap(at, PermitTable.nameOf(due.key()), hold, effects, effects.slice());
            }
        } else {
            PermitWaiter waiter = waiters.remove(due.key());
            if (waiter != null) {
                Name name = Name.ofKey(WaitQueues.waitedFor(due.key()));
                SemaphoreEvents.elapsed(name, waiter, effects);
                settle(at, name, effects, effects.slice());
            }
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        String waited = slice.isSpent() ? null : waiters.drop(sessionId);
        while (waited != null) {
            settle(at, Name.ofKey(waited), effects, slice);
            waited = slice.isSpent() ? null : waiters.drop(sessionId);
        }
        String row = permits.firstRowOf(sessionId);
        while (row != null && !slice.isSpent()) {
            PermitHold hold = permits.row(row);
            if (hold == null) {
                throw new IllegalStateException("session " + sessionId + " has permits without a row");
            }
            reap(at, PermitTable.nameOf(row), hold, effects, slice);
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
        settle(at, name, effects, slice);
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
    public void count(Stats.Builder stats) {
        stats.setSemaphores(sizes.size()).setPermitWaiters(waiters.size());
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
                .filter(hold -> !isOver(at, hold))
                .map(PermitHold::getSessionId)
                .iterator();
    }

    /** Gives free permits to the session, request and ttl in {@code to}. */
    private PermitHold grant(Context at, Name name, PermitHold.Builder to, Effects effects) {
        PermitHold hold = to.setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(to.getTtlMillis()))
                .setAcquiredAtMillis(at.nowMillis())
                .build();
        permits.put(name, hold);
        effects.change(DataKind.SEMAPHORE, name, ChangeKind.ACQUIRED, ByteString.EMPTY);
        return hold;
    }

    private void end(Context at, Name name, PermitHold hold, ChangeKind how, Effects effects, Slice slice) {
        permits.remove(name, hold);
        effects.change(DataKind.SEMAPHORE, name, how, ByteString.EMPTY);
        settle(at, name, effects, slice);
    }

    /**
     * Grants from the head for as long as there is enough, until the slice is spent; a job does the rest (C-09).
     * Meanwhile somebody waits, so that nobody who comes later overtakes.
     */
    private void settle(Context at, Name name, Effects effects, Slice slice) {
        PermitWaiter head = head(name);
        while (head != null && canEndWait(at, name, head)) {
            if (slice.isSpent()) {
                effects.later(DataKind.SEMAPHORE, Chore.newBuilder().setSubject(name.key()));
                return;
            }
            serve(at, name, head, effects);
            head = head(name);
        }
        forgetIfUnused(name);
    }

    /** The first who waits for permits that there are; null if nobody does. */
    private @Nullable PermitWaiter head(Name name) {
        return waiters.first(name.key(), Resizing.IN_LINE, 0);
    }

    /** Who wants too many has been left by a resize that has not come to it yet. */
    private boolean canEndWait(Context at, Name name, PermitWaiter head) {
        return sessions.isOver(at, head.getSessionId(), head.getDeadlineMillis())
                || resizing.isImpossible(name, head)
                || Resizing.wanted(head) <= sizes.limit(name, 0) - permits.taken(name);
    }

    private void serve(Context at, Name name, PermitWaiter head, Effects effects) {
        waiters.remove(name.key(), head);
        if (!sessions.isOpen(head.getSessionId())) {
            return;
        }
        if (at.isPast(head.getDeadlineMillis())) {
            SemaphoreEvents.elapsed(name, head, effects);
            return;
        }
        if (resizing.isImpossible(name, head)) {
            SemaphoreEvents.impossible(name, head, sizes.limit(name, 0), effects);
            return;
        }
        PermitHold hold = grant(
                at,
                name,
                PermitHold.newBuilder()
                        .setSessionId(head.getSessionId())
                        .setRequestSeq(head.getRequestSeq())
                        .setPermits(head.getPermits())
                        .setTtlMillis(head.getTtlMillis())
                        .setContents(head.getContents()),
                effects);
        SemaphoreEvents.granted(name, hold, toGrant(hold), effects);
    }

    private void forgetIfUnused(Name name) {
        if (permits.taken(name) == 0 && waiters.size(name.key()) == 0) {
            sizes.forgetUnused(name);
        }
    }

    private static PermitGrant toGrant(PermitHold hold) {
        return PermitGrant.newBuilder()
                .setToken(hold.getToken())
                .setDeadlineMillis(hold.getDeadlineMillis())
                .setPermits(hold.getPermits())
                .build();
    }

    private static Reply.Builder notOwner(Name name, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of semaphore " + name
                        + " belongs to another session; only the session that was granted it can use it");
    }

    private static Reply.Builder neverGranted(Name name, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of semaphore " + name
                        + " was never granted; give back what acquire returned, and nothing else");
    }

    private static Reply.Builder deleted(boolean existed) {
        return reply(SemaphoreReply.newBuilder()
                .setDeleted(SemaphoreDeleted.newBuilder().setExisted(existed)));
    }

    private static Reply.Builder cancelled(PermitsCancelled.Outcome outcome) {
        return reply(SemaphoreReply.newBuilder()
                .setCancelled(PermitsCancelled.newBuilder().setOutcome(outcome)));
    }

    private static Reply.Builder reply(SemaphoreReply.Builder semaphore) {
        return Reply.newBuilder().setSemaphore(semaphore);
    }
}
