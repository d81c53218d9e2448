package io.coordinator.state.semaphore;

import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.PermitsBusy;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.PermitsQueued;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/** Asking for permits, and changing one's mind. */
final class PermitRequests {
    private final SemaphoreSizes sizes;
    private final PermitTable permits;
    private final WaitQueues<PermitWaiter> waiters;
    private final Resizing resizing;
    private final PermitSettling settling;
    private final EventCredit credit;

    PermitRequests(
            SemaphoreSizes sizes,
            PermitTable permits,
            WaitQueues<PermitWaiter> waiters,
            Resizing resizing,
            PermitSettling settling,
            EventCredit credit) {
        this.sizes = sizes;
        this.permits = permits;
        this.waiters = waiters;
        this.resizing = resizing;
        this.settling = settling;
        this.credit = credit;
    }

    Reply.Builder acquire(Context at, Name name, AcquirePermits acquire, Effects effects) {
        long wanted = Integer.toUnsignedLong(acquire.getPermits());
        if (wanted > sizes.limit(name, acquire.getInitialLimit()) - permits.taken(name)) {
            settling.makeWay(at, name, effects);
        }
        long limit = sizes.limit(name, acquire.getInitialLimit());
        if (wanted == 0) {
            return Refusals.reply(ErrorCode.EINVAL, "permits are 0; ask semaphore " + name + " for at least one");
        }
        long free = Math.max(0, limit - permits.taken(name));
        boolean immediate = settling.head(name) == null && wanted <= free;
        Reply.Builder refusal =
                immediate || acquire.getWaitMillis() != 0 ? refuseBeyondLimits(at, name, immediate) : null;
        if (refusal != null) {
            return refusal;
        }
        if (!immediate && acquire.getWaitMillis() == 0) {
            return SemaphoreReplies.reply(
                    SemaphoreReply.newBuilder().setBusy(PermitsBusy.newBuilder().setFree((int) free)));
        }
        if (sizes.find(name) == null) {
            sizes.put(name, acquire.getInitialLimit(), false);
        }
        if (immediate) {
            PermitHold hold = settling.grant(
                    at,
                    name,
                    PermitHold.newBuilder()
                            .setSessionId(at.sessionId())
                            .setRequestSeq(at.seq())
                            .setPermits(acquire.getPermits())
                            .setTtlMillis(acquire.getTtlMillis())
                            .setContents(acquire.getContents()),
                    effects);
            return SemaphoreReplies.reply(SemaphoreReply.newBuilder().setGranted(SemaphoreReplies.toGrant(hold)));
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
        return SemaphoreReplies.reply(
                SemaphoreReply.newBuilder().setQueued(PermitsQueued.newBuilder().setPosition(ahead)));
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        PermitWaiter waiter = waiters.find(name.key(), at.sessionId(), requestSeq);
        if (waiter != null) {
            waiters.remove(name.key(), waiter);
            boolean late = at.isPast(waiter.getDeadlineMillis());
            if (late) {
                SemaphoreEvents.elapsed(name, waiter, effects);
            }
            // It may have wanted more than those behind it.
            settling.settle(at, name, effects, effects.slice());
            return SemaphoreReplies.cancelled(
                    late ? PermitsCancelled.Outcome.NOTHING : PermitsCancelled.Outcome.DEQUEUED);
        }
        PermitHold hold = settling.live(at, name, permits.findRequest(name, at.sessionId(), requestSeq), effects);
        if (hold == null) {
            return SemaphoreReplies.cancelled(PermitsCancelled.Outcome.NOTHING);
        }
        settling.end(at, name, hold, ChangeKind.RELEASED, effects, effects.slice());
        return SemaphoreReplies.cancelled(PermitsCancelled.Outcome.RELEASED_GRANT);
    }
}
