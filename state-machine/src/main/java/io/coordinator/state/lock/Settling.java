package io.coordinator.state.lock;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockWaitElapsed;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Grants, ends, and hands on. Nobody overtakes: a lock with waiters goes to the first of them, and a waiter for several
 * gets them when it is the first everywhere and all let it in. It holds nothing until then, so that sets cannot block
 * each other, and the lowest ticket of all is never behind anyone, so that each has its turn.
 */
final class Settling {
    private final Lanes lanes;
    private final LockTable holds;
    private final LockQueues queues;
    private final LockBars bars;
    private final SessionDirectory sessions;

    Settling(Lanes lanes, LockTable holds, LockQueues queues, LockBars bars, SessionDirectory sessions) {
        this.lanes = lanes;
        this.holds = holds;
        this.queues = queues;
        this.bars = bars;
        this.sessions = sessions;
    }

    /** Whether a request that comes now gets all of these at once. */
    boolean isFree(List<Name> names, LockMode mode) {
        for (Name name : names) {
            Lane lane = lanes.find(name.key());
            if (lane != null && (lane.waiting() > 0 || !lane.admits(mode))) {
                return false;
            }
        }
        return true;
    }

    /** Gives free locks to the session, request, mode and ttl in {@code to}. */
    LockHold grant(Context at, List<Name> names, LockHold.Builder to, Effects effects) {
        LockHold hold = to.setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(to.getTtlMillis()))
                .setAcquiredAtMillis(at.nowMillis())
                .build();
        holds.add(names, hold);
        change(names, ChangeKind.ACQUIRED, effects);
        return hold;
    }

    /** Ends a grant on these of its names and hands them on; returns the revision of the first change. */
    long end(Context at, List<Name> names, LockHold hold, ChangeKind how, Effects effects) {
        holds.remove(names, hold);
        for (Name name : names) {
            bars.raise(name, hold.getToken());
        }
        long revision = change(names, how, effects);
        settle(at, names, effects);
        return revision;
    }

    /** Makes an exclusive grant a shared one and lets in the shared waiters at the head. */
    LockHold downgrade(Context at, List<Name> names, LockHold hold, Effects effects) {
        LockHold shared = hold.toBuilder().setMode(LockMode.SHARED).build();
        holds.replace(names, hold, shared);
        change(names, ChangeKind.DOWNGRADED, effects);
        settle(at, names, effects);
        return shared;
    }

    /** Takes a waiter out of its queues and lets those behind it move up. */
    void withdraw(Context at, LockWaiter waiter, Effects effects) {
        queues.remove(waiter);
        settle(at, LockQueues.names(waiter), effects);
    }

    void elapse(Context at, LockWaiter waiter, Effects effects) {
        queues.remove(waiter);
        tellElapsed(waiter, effects);
        settle(at, LockQueues.names(waiter), effects);
    }

    /** Grants whatever can be granted after something changed about these locks. Costs what it grants. */
    void settle(Context at, List<Name> changed, Effects effects) {
        for (Name name : changed) {
            Lane lane = lanes.find(name.key());
            if (lane != null && lane.waiting() > 0) {
                settle(at, name, effects);
            }
        }
    }

    private void settle(Context at, Name changed, Effects effects) {
        Deque<Name> work = new ArrayDeque<>();
        work.add(changed);
        while (!work.isEmpty()) {
            Lane lane = lanes.find(work.remove().key());
            LockWaiter head = lane == null ? null : lane.head();
            if (head != null && serve(at, head, effects)) {
                // Whoever is behind it, on any of its locks, may be next.
                work.addAll(LockQueues.names(head));
            }
        }
    }

    /** Ends the wait of one that is the first somewhere, if it can end. */
    private boolean serve(Context at, LockWaiter waiter, Effects effects) {
        if (!sessions.isOpen(waiter.getSessionId())) {
            queues.remove(waiter);
            return true;
        }
        if (at.isPast(waiter.getDeadlineMillis())) {
            queues.remove(waiter);
            tellElapsed(waiter, effects);
            return true;
        }
        List<Name> names = LockQueues.names(waiter);
        if (!queues.isNext(names, waiter) || !admit(names, waiter.getMode())) {
            return false;
        }
        queues.remove(waiter);
        LockHold hold = grant(
                at,
                names,
                LockHold.newBuilder()
                        .setSessionId(waiter.getSessionId())
                        .setRequestSeq(waiter.getRequestSeq())
                        .setTtlMillis(waiter.getTtlMillis())
                        .setContents(waiter.getContents())
                        .setMode(waiter.getMode())
                        .setOwner(waiter.getOwner())
                        .setReentrant(waiter.getReentrant())
                        .addAllNames(waiter.getNamesList()),
                effects);
        LockReplies.tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                LockReplies.event(names).setGranted(LockReplies.grant(hold)),
                effects);
        return true;
    }

    private boolean admit(List<Name> names, LockMode mode) {
        for (Name name : names) {
            Lane lane = lanes.find(name.key());
            if (lane != null && !lane.admits(mode)) {
                return false;
            }
        }
        return true;
    }

    private static void tellElapsed(LockWaiter waiter, Effects effects) {
        LockReplies.tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                LockReplies.event(LockQueues.names(waiter)).setWaitElapsed(LockWaitElapsed.getDefaultInstance()),
                effects);
    }

    private static long change(List<Name> names, ChangeKind how, Effects effects) {
        long first = 0;
        for (Name name : names) {
            long revision = effects.change(DataKind.LOCK, name, how, ByteString.EMPTY);
            first = first == 0 ? revision : first;
        }
        return first;
    }
}
