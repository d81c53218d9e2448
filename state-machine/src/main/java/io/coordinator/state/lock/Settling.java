package io.coordinator.state.lock;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockWaitElapsed;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants, ends, and hands on: as much as fits into a slice, the rest as jobs for later entries (C-09). Nobody
 * overtakes: a lock with waiters goes to the first of them, and a waiter for several gets them when it is the first
 * everywhere and all let it in. It holds nothing until then, so that sets cannot block each other, and the lowest
 * ticket of all is never behind anyone, so that each has its turn.
 */
final class Settling {
    /** To look for one name of a set: where it waits, and who holds it. */
    private static final long NAME_STEPS = 10;

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
        return end(at, names, hold, how, effects, effects.slice());
    }

    long end(Context at, List<Name> names, LockHold hold, ChangeKind how, Effects effects, Slice slice) {
        // Each request that entered it has its place in an index.
        effects.meter().steps("grants", 10L * hold.getEnteredSeqsCount());
        holds.remove(names, hold);
        for (Name name : names) {
            bars.raise(name, hold.getToken());
        }
        long revision = change(names, how, effects);
        settle(at, names, effects, slice);
        return revision;
    }

    /** Whether a grant is over although its row is still there. */
    boolean isOver(Context at, LockHold hold) {
        return sessions.isOver(at, hold.getSessionId(), hold.getDeadlineMillis());
    }

    /** Ends a grant that is over, or that is to be ended as if it were: by its deadline or with its session. */
    void reap(Context at, String namespace, LockHold hold, Effects effects, Slice slice) {
        List<Name> live = holds.liveNames(namespace, hold);
        if (at.isPast(hold.getDeadlineMillis())) {
            LockReplies.tellLost(hold, live, LockLost.Reason.TTL_ELAPSED, effects);
            end(at, live, hold, ChangeKind.EXPIRED, effects, slice);
        } else {
            end(at, live, hold, ChangeKind.RELEASED, effects, slice);
        }
    }

    /** Ends the grants that are over and stand in the way of a request for these. */
    void makeWay(Context at, List<Name> names, Effects effects) {
        Slice slice = effects.slice();
        for (Name name : names) {
            LockHold newest = newest(name);
            while (newest != null && isOver(at, newest) && !slice.isSpent()) {
                reap(at, name.namespace(), newest, effects, slice);
                newest = newest(name);
            }
        }
    }

    private @Nullable LockHold newest(Name name) {
        Lane lane = lanes.find(name.key());
        return lane == null ? null : lane.newest();
    }

    /** Makes an exclusive grant a shared one and lets in the shared waiters at the head. */
    LockHold downgrade(Context at, List<Name> names, LockHold hold, Effects effects) {
        LockHold shared = hold.toBuilder().setMode(LockMode.SHARED).build();
        holds.replace(names, shared);
        change(names, ChangeKind.DOWNGRADED, effects);
        settle(at, names, effects, effects.slice());
        return shared;
    }

    /** Takes a waiter out of its queues and lets those behind it move up. */
    void withdraw(Context at, LockWaiter waiter, Effects effects, Slice slice) {
        queues.remove(waiter);
        settle(at, LockQueues.names(waiter), effects, slice);
    }

    void elapse(Context at, LockWaiter waiter, Effects effects) {
        queues.remove(waiter);
        tellElapsed(waiter, effects);
        settle(at, LockQueues.names(waiter), effects, effects.slice());
    }

    /** Goes on granting a lock. */
    void resume(Context at, Name name, Effects effects, Slice slice) {
        settle(at, List.of(name), effects, slice);
    }

    /**
     * Grants what can be granted after something changed about these locks, until the slice is spent. Costs what it
     * grants. While a job for the rest waits its turn, a lock has waiters, so that nobody who comes later overtakes
     * them.
     */
    private void settle(Context at, List<Name> changed, Effects effects, Slice slice) {
        Set<String> work = new LinkedHashSet<>();
        addWaited(changed, work);
        while (!work.isEmpty() && !slice.isSpent()) {
            String key = work.iterator().next();
            LockWaiter head = head(key);
            if (head != null && serve(at, head, effects)) {
                // Whoever is behind it, on any of its locks, may be next.
                addWaited(LockQueues.names(head), work);
            } else {
                work.remove(key);
            }
        }
        for (String key : work) {
            LockWaiter head = head(key);
            if (head != null && canEndWait(at, head, LockQueues.names(head), effects)) {
                effects.later(
                        DataKind.LOCK, Chore.newBuilder().setStep(Locks.SETTLE).setSubject(key));
            }
        }
    }

    private void addWaited(List<Name> names, Set<String> work) {
        for (Name name : names) {
            if (head(name.key()) != null) {
                work.add(name.key());
            }
        }
    }

    private @Nullable LockWaiter head(String key) {
        Lane lane = lanes.find(key);
        return lane == null ? null : lane.head();
    }

    private boolean canEndWait(Context at, LockWaiter waiter, List<Name> names, Effects effects) {
        effects.meter().steps("locks", NAME_STEPS * names.size());
        return sessions.isOver(at, waiter.getSessionId(), waiter.getDeadlineMillis())
                || (queues.isNext(names, waiter) && admit(names, waiter.getMode()));
    }

    /** Ends the wait of one that is the first somewhere, if it can end. */
    private boolean serve(Context at, LockWaiter waiter, Effects effects) {
        List<Name> names = LockQueues.names(waiter);
        if (!canEndWait(at, waiter, names, effects)) {
            return false;
        }
        queues.remove(waiter);
        if (!sessions.isOpen(waiter.getSessionId())) {
            return true;
        }
        if (at.isPast(waiter.getDeadlineMillis())) {
            tellElapsed(waiter, effects);
            return true;
        }
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
