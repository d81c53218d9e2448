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
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
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

    Acquiring(Lanes lanes, LockTable holds, LockQueues queues, Settling settling) {
        this.lanes = lanes;
        this.holds = holds;
        this.queues = queues;
        this.settling = settling;
    }

    Reply.Builder acquire(Context at, Request request, AcquireLock acquire, Effects effects) {
        if (acquire.getMode() == LockMode.UNRECOGNIZED) {
            throw new UnknownOperationException("a lock mode");
        }
        LockHold own = acquire.getReentrant() ? enterable(at, request, acquire) : null;
        if (own != null) {
            return enter(at, request, own);
        }
        if (settling.isFree(request.names(), acquire.getMode())) {
            return LockReplies.granted(settling.grant(at, request.names(), claim(at, request, acquire), effects));
        }
        return acquire.getWaitMillis() == 0 ? busy(request, acquire.getMode()) : queue(at, request, acquire, effects);
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

    private Reply.Builder enter(Context at, Request request, LockHold hold) {
        if (hold.getEnteredSeqsCount() >= ENTERED_MAX) {
            return Refusals.reply(
                    ErrorCode.EOVERFLOW,
                    request + " is entered " + (ENTERED_MAX + 1)
                            + " times already, so it was not entered again; release it as often as it is acquired");
        }
        LockHold entered = hold.toBuilder().addEnteredSeqs(at.seq()).build();
        holds.replace(request.names(), hold, entered);
        return LockReplies.granted(entered);
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    Reply.Builder cancel(Context at, Request request, long requestSeq, Effects effects) {
        LockWaiter waiter = queues.find(at.sessionId(), requestSeq);
        if (waiter != null
                && waiter.getNamespace().equals(request.namespace())
                && LockNames.same(waiter.getNamesList(), request.plain())) {
            settling.withdraw(at, waiter, effects);
            return LockReplies.cancelled(AcquireCancelled.Outcome.DEQUEUED);
        }
        String row = holds.rowOf(at.sessionId(), requestSeq);
        LockHold hold = row == null ? null : holds.row(row);
        if (row == null
                || hold == null
                || !LockTable.nameOf(row).namespace().equals(request.namespace())
                || !LockNames.same(hold.getNamesList(), request.plain())) {
            return LockReplies.cancelled(AcquireCancelled.Outcome.NOTHING);
        }
        List<Name> live = holds.liveNames(request.namespace(), hold);
        if (hold.getEnteredSeqsCount() > 0) {
            holds.replace(live, hold, without(hold, requestSeq));
        } else {
            settling.end(at, live, hold, ChangeKind.RELEASED, effects);
        }
        return LockReplies.cancelled(AcquireCancelled.Outcome.RELEASED_GRANT);
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
