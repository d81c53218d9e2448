package io.coordinator.state.lock;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockBusy;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Getting locks, entering them again, and changing one's mind. */
final class Acquiring {
    /** A grant remembers each request that entered it, so there must be an end to that. */
    private static final int ENTERED_MAX = 1_000;

    private final Lanes lanes;
    private final LockTable holds;
    private final LockQueues queues;
    private final Settling settling;
    private final EventCredit credit;

    Acquiring(Lanes lanes, LockTable holds, LockQueues queues, Settling settling, EventCredit credit) {
        this.lanes = lanes;
        this.holds = holds;
        this.queues = queues;
        this.settling = settling;
        this.credit = credit;
    }

    Reply.Builder acquire(Context at, Request request, AcquireLock acquire, Effects effects) {
        if (acquire.getMode() == LockMode.UNRECOGNIZED) {
            throw new UnknownOperationException("a lock mode");
        }
        settling.makeWay(at, request.names(), effects);
        LockHold own = acquire.getReentrant() ? enterable(at, request, acquire) : null;
        if (own != null) {
            return enter(at, request, own, effects);
        }
        boolean free = settling.isFree(request.names(), acquire.getMode());
        Reply.Builder refusal = free || acquire.getWaitMillis() != 0 ? refuseBeyondLimits(at, request, free) : null;
        if (refusal != null) {
            return refusal;
        }
        if (free) {
            return LockReplies.granted(settling.grant(at, request.names(), claim(at, request, acquire), effects));
        }
        return acquire.getWaitMillis() == 0 ? busy(request, acquire.getMode()) : queue(at, request, acquire, effects);
    }

    private Reply.@Nullable Builder refuseBeyondLimits(Context at, Request request, boolean free) {
        int held = holds.count(at.sessionId());
        if (held + request.names().size() > SessionLimits.HOLDS_MAX) {
            return SessionLimits.sessionIsFull(at.sessionId(), held + " locks", SessionLimits.HOLDS_MAX);
        }
        int waiting = queues.count(at.sessionId());
        if (!free && waiting >= SessionLimits.WAITERS_MAX) {
            return SessionLimits.sessionIsFull(
                    at.sessionId(), waiting + " requests that wait for locks", SessionLimits.WAITERS_MAX);
        }
        for (Name name : request.names()) {
            Lane lane = lanes.find(name.key());
            if (lane != null && lane.waiting() >= SessionLimits.QUEUE_MAX) {
                return SessionLimits.queueIsFull("lock " + name);
            }
        }
        return credit.refusal(at.sessionId());
    }

    private static LockHold.Builder claim(Context at, Request request, AcquireLock acquire) {
        return LockHold.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setTtlMillis(acquire.getTtlMillis())
                .setContents(acquire.getContents())
                .setMode(acquire.getMode())
                .setOwner(acquire.getOwner())
                .setReentrant(acquire.getReentrant())
                .addAllNames(request.plain());
    }

    private Reply.Builder queue(Context at, Request request, AcquireLock acquire, Effects effects) {
        int ahead = queues.add(LockWaiter.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setTicket(effects.nextTicket())
                .setTtlMillis(acquire.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(acquire.getWaitMillis()))
                .setQueuedAtMillis(at.nowMillis())
                .setContents(acquire.getContents())
                .setMode(acquire.getMode())
                .setOwner(acquire.getOwner())
                .setReentrant(acquire.getReentrant())
                .setNamespace(request.namespace())
                .addAllNames(request.plain())
                .build());
        return LockReplies.reply(
                LockReply.newBuilder().setQueued(LockQueued.newBuilder().setPosition(ahead)));
    }

    private Reply.Builder busy(Request request, LockMode mode) {
        LockBusy.Builder busy = LockBusy.newBuilder();
        for (Name name : request.names()) {
            Lane lane = lanes.find(name.key());
            if (lane == null) {
                continue;
            }
            LockHold newest = lane.admits(mode) ? null : lane.newest();
            if (newest != null) {
                busy.setHolderToken(Math.max(busy.getHolderToken(), newest.getToken()));
            }
            if (newest != null || lane.waiting() > 0) {
                busy.addNames(name.name());
            }
        }
        return LockReplies.reply(LockReply.newBuilder().setBusy(busy));
    }

    /** The live grant that this request enters once more instead of waiting for itself; null if there is none. */
    private @Nullable LockHold enterable(Context at, Request request, AcquireLock acquire) {
        Lane lane = lanes.find(request.names().get(0).key());
        LockHold hold = lane == null ? null : lane.newest();
        if (hold == null
                || hold.getSessionId() != at.sessionId()
                || !hold.getReentrant()
                || hold.getMode() != LockMode.EXCLUSIVE
                || acquire.getMode() != LockMode.EXCLUSIVE
                || !hold.getOwner().equals(acquire.getOwner())) {
            return null;
        }
        boolean whole = LockNames.same(hold.getNamesList(), request.plain())
                && holds.liveNames(request.namespace(), hold).size() == hold.getNamesCount();
        return whole ? hold : null;
    }

    private Reply.Builder enter(Context at, Request request, LockHold hold, Effects effects) {
        if (hold.getEnteredSeqsCount() >= ENTERED_MAX) {
            return Refusals.reply(
                    ErrorCode.EOVERFLOW,
                    request + " is entered " + (ENTERED_MAX + 1)
                            + " times already, so it was not entered again; release it as often as it is acquired");
        }
        effects.meter().steps("requests", hold.getEnteredSeqsCount());
        LockHold entered = hold.toBuilder().addEnteredSeqs(at.seq()).build();
        holds.enter(request.names(), entered, at.seq());
        return LockReplies.granted(entered);
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    Reply.Builder cancel(Context at, Request request, long requestSeq, Effects effects) {
        LockWaiter waiter = queues.find(at.sessionId(), requestSeq);
        if (waiter != null && isOf(request, waiter.getNamespace(), waiter.getNamesList())) {
            if (at.isPast(waiter.getDeadlineMillis())) {
                settling.elapse(at, waiter, effects);
                return LockReplies.cancelled(AcquireCancelled.Outcome.NOTHING);
            }
            settling.withdraw(at, waiter, effects, effects.slice());
            return LockReplies.cancelled(AcquireCancelled.Outcome.DEQUEUED);
        }
        String row = holds.rowOf(at.sessionId(), requestSeq);
        LockHold hold = row == null ? null : holds.row(row);
        if (row == null || hold == null || !isOf(request, LockTable.nameOf(row).namespace(), hold.getNamesList())) {
            return LockReplies.cancelled(AcquireCancelled.Outcome.NOTHING);
        }
        if (settling.isOver(at, hold)) {
            settling.reap(at, request.namespace(), hold, effects, effects.slice());
            return LockReplies.cancelled(AcquireCancelled.Outcome.NOTHING);
        }
        cancelGranted(at, request, hold, requestSeq, effects);
        return LockReplies.cancelled(AcquireCancelled.Outcome.RELEASED_GRANT);
    }

    private static boolean isOf(Request request, String namespace, List<String> names) {
        return namespace.equals(request.namespace()) && LockNames.same(names, request.plain());
    }

    private void cancelGranted(Context at, Request request, LockHold hold, long requestSeq, Effects effects) {
        List<Name> live = holds.liveNames(request.namespace(), hold);
        if (hold.getEnteredSeqsCount() > 0) {
            effects.meter().steps("requests", hold.getEnteredSeqsCount());
            holds.leave(live, without(hold, requestSeq), requestSeq);
        } else {
            settling.end(at, live, hold, ChangeKind.RELEASED, effects);
        }
    }

    /** A grant as if this request of several had not been made. */
    private static LockHold without(LockHold hold, long requestSeq) {
        List<Long> seqs = new ArrayList<>(hold.getEnteredSeqsList());
        LockHold.Builder left = hold.toBuilder().clearEnteredSeqs();
        if (hold.getRequestSeq() == requestSeq) {
            left.setRequestSeq(seqs.remove(0));
        } else {
            seqs.remove(requestSeq);
        }
        return left.addAllEnteredSeqs(seqs).build();
    }
}
