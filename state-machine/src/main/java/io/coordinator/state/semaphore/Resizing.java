package io.coordinator.state.semaphore;

import io.coordinator.protocol.PermitWaiter;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/**
 * Who waits in line, and who aside because it wants more permits than there are. A resize moves waiters between
 * the two: who wants too many by now is told so and leaves, who no longer does takes the place in line that its ticket
 * gives it.
 *
 * <p>That is done bit by bit. Until it has come to a waiter, one in line that wants too many is passed over when it is
 * the first, and one aside goes on waiting there.
 */
final class Resizing {
    /** Kinds of waiters. */
    static final int IN_LINE = 0;

    private static final int ASIDE = 1;

    /** Steps of the job. */
    static final int TURN_AWAY = 1;

    static final int LET_IN = 2;
    /** No ticket. */
    static final long DONE = 0;

    static final WaitQueues.Columns<PermitWaiter> COLUMNS = new WaitQueues.Columns<>(
            PermitWaiter::getSessionId,
            PermitWaiter::getRequestSeq,
            PermitWaiter::getTicket,
            waiter -> waiter.getAside() ? ASIDE : IN_LINE,
            2);

    /** To find a waiter and look at it. */
    private static final int WAITER_STEPS = 25;

    private final SemaphoreSizes sizes;
    private final WaitQueues<PermitWaiter> waiters;

    Resizing(SemaphoreSizes sizes, WaitQueues<PermitWaiter> waiters) {
        this.sizes = sizes;
        this.waiters = waiters;
    }

    static long wanted(PermitWaiter waiter) {
        return Integer.toUnsignedLong(waiter.getPermits());
    }

    /** Whether there are fewer permits than a waiter wants, the held ones included. */
    boolean isImpossible(Name name, PermitWaiter waiter) {
        return wanted(waiter) > sizes.limit(name, 0);
    }

    /** Appends a waiter, in line or aside, and returns how many of those in line are ahead of it. */
    int add(Name name, PermitWaiter.Builder waiter) {
        int ahead = waiters.size(name.key(), IN_LINE);
        PermitWaiter added = waiter.build();
        waiters.add(name.key(), isImpossible(name, added) ? aside(added, true) : added);
        return ahead;
    }

    /**
     * Goes through the waiters of a semaphore that was resized, until the slice is spent.
     *
     * @param step {@link #TURN_AWAY} or {@link #LET_IN}
     * @param afterTicket how far it has come; 0 to begin
     * @return how far it has come now; {@link #DONE} if nobody is left
     */
    long goOn(Name name, int step, long afterTicket, Effects effects, Slice slice) {
        PermitWaiter waiter = next(name, step, afterTicket);
        while (waiter != null) {
            effects.meter().steps("waiters", WAITER_STEPS);
            if (step == TURN_AWAY) {
                turnAway(name, waiter, effects);
            } else {
                letIn(name, waiter);
            }
            long doneTo = waiter.getTicket();
            waiter = next(name, step, doneTo);
            if (waiter != null && slice.isSpent()) {
                return doneTo;
            }
        }
        return DONE;
    }

    private @Nullable PermitWaiter next(Name name, int step, long afterTicket) {
        return waiters.first(name.key(), step == TURN_AWAY ? IN_LINE : ASIDE, afterTicket);
    }

    private void turnAway(Name name, PermitWaiter waiter, Effects effects) {
        if (isImpossible(name, waiter)) {
            waiters.remove(name.key(), waiter);
            SemaphoreEvents.impossible(name, waiter, sizes.limit(name, 0), effects);
        }
    }

    private void letIn(Name name, PermitWaiter waiter) {
        if (!isImpossible(name, waiter)) {
            waiters.remove(name.key(), waiter);
            waiters.add(name.key(), aside(waiter, false));
        }
    }

    private static PermitWaiter aside(PermitWaiter waiter, boolean aside) {
        return waiter.toBuilder().setAside(aside).build();
    }
}
