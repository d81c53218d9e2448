package io.coordinator.state.lock;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.LockAnswer;
import io.coordinator.protocol.LockBusy;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockInspection;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.LockVerification;
import io.coordinator.protocol.LockWaitElapsed;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive locks. A lock is held by at most one grant, which its token names; it ends by release, by its deadline or
 * with its session, whichever comes first, and passes in the same entry to the waiter that came first. Nobody
 * waits for a lock that is free. Not reentrant: a session that asks twice waits for itself.
 */
public final class Locks implements DataType, Fence {
    private static final int HOLDS = 0;
    private static final int WAITERS = 1;
    /** An inspection lists no more waiters than these. */
    private static final int INSPECTED_MAX = 100;

    private final Table<LockHold> holds;
    private final WaitQueues<LockWaiter> waiters;
    private final SessionIndex holders = new SessionIndex();

    public Locks(Storage storage) {
        holds = storage.table(DataKind.LOCK, HOLDS, LockHold.parser(), LockHold::getDeadlineMillis);
        waiters = new WaitQueues<>(
                storage.table(DataKind.LOCK, WAITERS, LockWaiter.parser(), LockWaiter::getDeadlineMillis),
                new WaitQueues.Columns<>(LockWaiter::getSessionId, LockWaiter::getRequestSeq, LockWaiter::getTicket));
    }

    @Override
    public DataKind kind() {
        return DataKind.LOCK;
    }

    @Override
    public long liveToken(String namespace, String lock) {
        LockHold hold = holds.get(Name.of(namespace, lock).key());
        return hold == null ? 0 : hold.getToken();
    }

    @Override
    public void admit(Command command, Check check) {
        LockCommand lock = command.getLock();
        check.known(lock).name("namespace", lock.getNamespace()).name("lock name", lock.getName());
        switch (lock.getOperationCase()) {
            case ACQUIRE -> {
                AcquireLock acquire = lock.getAcquire();
                check.known(acquire)
                        .atLeast("ttl_millis", 0, acquire.getTtlMillis())
                        .atLeast("wait_millis", -1, acquire.getWaitMillis())
                        .optionalJson("contents", acquire.getContents());
            }
            case CANCEL -> check.known(lock.getCancel());
            case RELEASE -> check.known(lock.getRelease());
            case EXTEND ->
                check.known(lock.getExtend())
                        .atLeast("ttl_millis", 1, lock.getExtend().getTtlMillis());
            case OPERATION_NOT_SET -> check.unknown("the lock operation");
        }
    }

    @Override
    public void admit(Query query, Check check) {
        LockQuery lock = query.getLock();
        check.known(lock).name("namespace", lock.getNamespace()).name("lock name", lock.getName());
        if (lock.getOperationCase() == LockQuery.OperationCase.OPERATION_NOT_SET) {
            check.unknown("the lock query");
        }
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        LockCommand lock = command.getLock();
        Name name = Name.of(lock.getNamespace(), lock.getName());
        return switch (lock.getOperationCase()) {
            case ACQUIRE -> acquire(at, name, lock.getAcquire(), effects);
            case CANCEL -> cancel(at, name, lock.getCancel().getRequestSeq(), effects);
            case RELEASE -> release(at, name, lock.getRelease(), effects);
            case EXTEND -> extend(at, name, lock.getExtend());
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a lock operation");
        };
    }

    private Reply.Builder acquire(Context at, Name name, AcquireLock acquire, Effects effects) {
        LockHold hold = holds.get(name.key());
        if (hold == null) {
            LockGrant grant = grant(
                    at,
                    name,
                    LockHold.newBuilder()
                            .setSessionId(at.sessionId())
                            .setRequestSeq(at.seq())
                            .setTtlMillis(acquire.getTtlMillis())
                            .setContents(acquire.getContents()),
                    effects);
            return reply(LockReply.newBuilder().setGranted(grant));
        }
        if (acquire.getWaitMillis() == 0) {
            return reply(LockReply.newBuilder().setBusy(LockBusy.newBuilder().setHolderToken(hold.getToken())));
        }
        int ahead = waiters.add(
                name.key(),
                LockWaiter.newBuilder()
                        .setSessionId(at.sessionId())
                        .setRequestSeq(at.seq())
                        .setTicket(effects.nextTicket())
                        .setTtlMillis(acquire.getTtlMillis())
                        .setDeadlineMillis(at.deadlineAfter(acquire.getWaitMillis()))
                        .setQueuedAtMillis(at.nowMillis())
                        .setContents(acquire.getContents())
                        .build());
        return reply(LockReply.newBuilder().setQueued(LockQueued.newBuilder().setPosition(ahead)));
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    private Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        if (waiters.cancel(name.key(), at.sessionId(), requestSeq) != null) {
            return cancelled(AcquireCancelled.Outcome.DEQUEUED);
        }
        LockHold hold = holds.get(name.key());
        if (hold != null && hold.getSessionId() == at.sessionId() && hold.getRequestSeq() == requestSeq) {
            end(at, name, hold, ChangeKind.RELEASED, effects);
            return cancelled(AcquireCancelled.Outcome.RELEASED_GRANT);
        }
        return cancelled(AcquireCancelled.Outcome.NOTHING);
    }

    private Reply.Builder release(Context at, Name name, ReleaseLock release, Effects effects) {
        LockHold hold = live(name, release.getToken());
        if (hold == null) {
            return reply(LockReply.newBuilder().setReleased(LockReleased.getDefaultInstance()));
        }
        if (hold.getSessionId() != at.sessionId()) {
            return notOwner(name, release.getToken());
        }
        end(at, name, hold, ChangeKind.RELEASED, effects);
        return reply(
                LockReply.newBuilder().setReleased(LockReleased.newBuilder().setWasHeld(true)));
    }

    private Reply.Builder extend(Context at, Name name, ExtendLock extend) {
        LockHold hold = live(name, extend.getToken());
        if (hold == null) {
            return Refusals.reply(
                    ErrorCode.ELOCKEXTEND,
                    "lock " + name + " is not held with token " + extend.getToken()
                            + " any more, so it was not extended; stop the work that it protects, or acquire it again");
        }
        if (hold.getSessionId() != at.sessionId()) {
            return notOwner(name, extend.getToken());
        }
        LockHold extended = hold.toBuilder()
                .setTtlMillis(extend.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(extend.getTtlMillis()))
                .build();
        holds.put(name.key(), extended);
        return reply(LockReply.newBuilder().setExtended(toGrant(extended)));
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == HOLDS) {
            Name name = Name.ofKey(due.key());
            LockHold hold = holds.get(due.key());
            if (hold != null) {
                LockLost lost = LockLost.newBuilder()
                        .setToken(hold.getToken())
                        .setReason(LockLost.Reason.TTL_ELAPSED)
                        .build();
                tell(hold.getSessionId(), hold.getRequestSeq(), event(name).setLost(lost), effects);
                end(at, name, hold, ChangeKind.EXPIRED, effects);
            }
        } else {
            LockWaiter waiter = waiters.remove(due.key());
            if (waiter != null) {
                waitElapsed(Name.ofKey(WaitQueues.waitedFor(due.key())), waiter, effects);
            }
        }
    }

    @Override
    public void sessionClosed(Context at, long sessionId, Effects effects) {
        // Its waiters first, so that nothing is handed on to the session that ends.
        waiters.drop(sessionId);
        for (String key : holders.drop(sessionId)) {
            LockHold hold = holds.get(key);
            if (hold != null) {
                end(at, Name.ofKey(key), hold, ChangeKind.RELEASED, effects);
            }
        }
    }

    @Override
    public void rebuild() {
        holds.forEachInOrder((key, hold) -> holders.add(hold.getSessionId(), hold.getRequestSeq(), key));
        waiters.rebuild();
    }

    @Override
    public void count(Stats.Builder stats) {
        stats.setLocks(holds.size()).setLockWaiters(waiters.size());
    }

    @Override
    public Answer.Builder query(Query query) {
        LockQuery lock = query.getLock();
        Name name = Name.of(lock.getNamespace(), lock.getName());
        LockHold hold = holds.get(name.key());
        return switch (lock.getOperationCase()) {
            case INSPECT -> answer(LockAnswer.newBuilder().setInspection(inspect(name, hold)));
            case VERIFY ->
                answer(LockAnswer.newBuilder()
                        .setVerification(verify(hold, lock.getVerify().getToken())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the lock query is unknown to this version; upgrade this node");
        };
    }

    private LockInspection inspect(Name name, @Nullable LockHold hold) {
        LockInspection.Builder inspection = LockInspection.newBuilder();
        if (hold != null) {
            inspection.setHold(hold);
        }
        // Without their contents, which together could outgrow any answer.
        waiters.head(name.key(), INSPECTED_MAX)
                .forEach(waiter ->
                        inspection.addWaiters(waiter.toBuilder().clearContents().build()));
        return inspection.build();
    }

    private static LockVerification verify(@Nullable LockHold hold, long token) {
        return LockVerification.newBuilder()
                .setLive(hold != null && hold.getToken() == token)
                .setCurrentToken(hold == null ? 0 : hold.getToken())
                .build();
    }

    private @Nullable LockHold live(Name name, long token) {
        LockHold hold = holds.get(name.key());
        return hold != null && hold.getToken() == token ? hold : null;
    }

    /** Gives a free lock to the session, request and ttl in {@code to}. */
    private LockGrant grant(Context at, Name name, LockHold.Builder to, Effects effects) {
        LockHold hold = to.setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(to.getTtlMillis()))
                .setAcquiredAtMillis(at.nowMillis())
                .build();
        holds.put(name.key(), hold);
        holders.add(hold.getSessionId(), hold.getRequestSeq(), name.key());
        effects.change(DataKind.LOCK, name, ChangeKind.ACQUIRED, ByteString.EMPTY);
        return toGrant(hold);
    }

    /** Ends a grant and hands the lock on. */
    private void end(Context at, Name name, LockHold hold, ChangeKind how, Effects effects) {
        holds.remove(name.key());
        holders.remove(hold.getSessionId(), hold.getRequestSeq());
        effects.change(DataKind.LOCK, name, how, ByteString.EMPTY);
        LockWaiter next = waiters.poll(name.key());
        while (next != null && at.isPast(next.getDeadlineMillis())) {
            waitElapsed(name, next, effects);
            next = waiters.poll(name.key());
        }
        if (next != null) {
            LockGrant grant = grant(
                    at,
                    name,
                    LockHold.newBuilder()
                            .setSessionId(next.getSessionId())
                            .setRequestSeq(next.getRequestSeq())
                            .setTtlMillis(next.getTtlMillis())
                            .setContents(next.getContents()),
                    effects);
            tell(next.getSessionId(), next.getRequestSeq(), event(name).setGranted(grant), effects);
        }
    }

    private static void waitElapsed(Name name, LockWaiter waiter, Effects effects) {
        tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                event(name).setWaitElapsed(LockWaitElapsed.getDefaultInstance()),
                effects);
    }

    private static LockGrant toGrant(LockHold hold) {
        return LockGrant.newBuilder()
                .setToken(hold.getToken())
                .setDeadlineMillis(hold.getDeadlineMillis())
                .build();
    }

    private static Reply.Builder notOwner(Name name, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of lock " + name
                        + " belongs to another session; only the session that was granted it can release or extend it");
    }

    private static Reply.Builder cancelled(AcquireCancelled.Outcome outcome) {
        return reply(LockReply.newBuilder()
                .setCancelled(AcquireCancelled.newBuilder().setOutcome(outcome)));
    }

    private static LockEvent.Builder event(Name name) {
        return LockEvent.newBuilder().setNamespace(name.namespace()).setName(name.name());
    }

    private static void tell(long sessionId, long requestSeq, LockEvent.Builder event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setLock(event));
    }

    private static Reply.Builder reply(LockReply.Builder lock) {
        return Reply.newBuilder().setLock(lock);
    }

    private static Answer.Builder answer(LockAnswer.Builder lock) {
        return Answer.newBuilder().setLock(lock);
    }
}
