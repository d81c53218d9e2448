package io.coordinator.state.semaphore;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.WaitQueues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives permits, takes them back, and hands them on. Permits go to those who wait in the order in which they came: one
 * who wants many is not overtaken by those who want few, unless it wants more than there are.
 */
final class PermitSettling {
    /** Grants that are looked at for one that is over, when a request finds too little free. */
    private static final int REAPED_MAX = 16;

    private final SemaphoreSizes sizes;
    private final PermitTable permits;
    private final WaitQueues<PermitWaiter> waiters;
    private final Resizing resizing;
    private final SessionDirectory sessions;

    PermitSettling(
            SemaphoreSizes sizes,
            PermitTable permits,
            WaitQueues<PermitWaiter> waiters,
            Resizing resizing,
            SessionDirectory sessions) {
        this.sizes = sizes;
        this.permits = permits;
        this.waiters = waiters;
        this.resizing = resizing;
        this.sessions = sessions;
    }

    /** Gives free permits to the session, request and ttl in {@code to}. */
    PermitHold grant(Context at, Name name, PermitHold.Builder to, Effects effects) {
        PermitHold hold = to.setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(to.getTtlMillis()))
                .setAcquiredAtMillis(at.nowMillis())
                .build();
        permits.put(name, hold);
        effects.change(DataKind.SEMAPHORE, name, ChangeKind.ACQUIRED, ByteString.EMPTY);
        return hold;
    }

    void end(Context at, Name name, PermitHold hold, ChangeKind how, Effects effects, Slice slice) {
        permits.remove(name, hold);
        effects.change(DataKind.SEMAPHORE, name, how, ByteString.EMPTY);
        settle(at, name, effects, slice);
    }

    boolean isOver(Context at, PermitHold hold) {
        return sessions.isOver(at, hold.getSessionId(), hold.getDeadlineMillis());
    }

    /** Ends a grant that is over, or that is to be ended as if it were: by its deadline or with its session. */
    void reap(Context at, Name name, PermitHold hold, Effects effects, Slice slice) {
        if (at.isPast(hold.getDeadlineMillis())) {
            SemaphoreEvents.lost(name, hold, effects);
            end(at, name, hold, ChangeKind.EXPIRED, effects, slice);
        } else {
            end(at, name, hold, ChangeKind.RELEASED, effects, slice);
        }
    }

    /** Ends what is over among the oldest grants. Whatever else is over ends in its turn. */
    void makeWay(Context at, Name name, Effects effects) {
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

    /** The grant of this token; null if it is over, which is then seen to. */
    @Nullable
    PermitHold live(Context at, Name name, long token, Effects effects) {
        return live(at, name, permits.find(name, token), effects);
    }

    @Nullable
    PermitHold live(Context at, Name name, @Nullable PermitHold hold, Effects effects) {
        if (hold == null || !isOver(at, hold)) {
            return hold;
        }
        reap(at, name, hold, effects, effects.slice());
        return null;
    }

    /**
     * Grants from the head for as long as there is enough, until the slice is spent; a job does the rest (C-09).
     * Meanwhile somebody waits, so that nobody who comes later overtakes.
     */
    void settle(Context at, Name name, Effects effects, Slice slice) {
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
    @Nullable
    PermitWaiter head(Name name) {
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
        SemaphoreEvents.granted(name, hold, SemaphoreReplies.toGrant(hold), effects);
    }

    void forgetIfUnused(Name name) {
        if (permits.taken(name) == 0 && waiters.size(name.key()) == 0) {
            sizes.forgetUnused(name);
        }
    }
}
