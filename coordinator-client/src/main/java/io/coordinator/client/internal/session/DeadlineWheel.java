package io.coordinator.client.internal.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of many calls in slots of 16.8 ms: adding and removing one is a few pointer writes. A deadline is never
 * early, and late by at most two slots. Not thread-safe.
 */
public final class DeadlineWheel {
    private static final int SLOT_BITS = 24;
    private static final int SLOTS = 512;

    /** The time between two sweeps. */
    static final long SLOT_NANOS = 1L << SLOT_BITS;

    /** Something with a deadline; a node of one slot's list. */
    public abstract static class Timeout {
        private @Nullable Timeout previous;
        private @Nullable Timeout next;
        private long slotTick;
        private boolean waiting;

        /** The deadline has passed. The node has left the wheel. */
        protected abstract void onTimeout();
    }

    private final Timeout[] slots = new Timeout[SLOTS];
    private long sweptTick;
    private int size;

    DeadlineWheel(long nowNanos) {
        for (int i = 0; i < SLOTS; i++) {
            Timeout head = new Head();
            head.previous = head;
            head.next = head;
            slots[i] = head;
        }
        sweptTick = nowNanos >> SLOT_BITS;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Timeout timeout, long deadlineNanos) {
        // The next slot boundary after the deadline, and never a slot that was swept already.
        timeout.slotTick = Math.max((deadlineNanos >> SLOT_BITS) + 1, sweptTick + 1);
        timeout.waiting = true;
        Timeout head = slots[(int) (timeout.slotTick & (SLOTS - 1))];
        link(timeout, head);
        size++;
    }

    void remove(Timeout timeout) {
        if (timeout.waiting) {
            timeout.waiting = false;
            unlink(timeout);
            size--;
        }
    }

    /** Takes out every deadline that has passed and tells it so. */
    void sweep(long nowNanos) {
        long nowTick = nowNanos >> SLOT_BITS;
        List<Timeout> due = new ArrayList<>();
        for (long tick = Math.max(sweptTick + 1, nowTick - SLOTS + 1); tick <= nowTick; tick++) {
            collect(slots[(int) (tick & (SLOTS - 1))], nowTick, due);
        }
        sweptTick = Math.max(sweptTick, nowTick);
        for (Timeout timeout : due) {
            // One that is due can remove or add others, so it is told only after all lists are in order again.
            if (timeout.waiting) {
                remove(timeout);
                timeout.onTimeout();
            }
        }
    }

    private static void collect(Timeout head, long nowTick, List<Timeout> due) {
        Timeout timeout = head.next;
        while (timeout != null && timeout != head) {
            Timeout following = timeout.next;
            if (timeout.slotTick <= nowTick) {
                unlink(timeout);
                due.add(timeout);
            }
            timeout = following;
        }
    }

    private static void link(Timeout timeout, Timeout head) {
        Timeout last = head.previous;
        timeout.previous = last;
        timeout.next = head;
        head.previous = timeout;
        if (last != null) {
            last.next = timeout;
        }
    }

    private static void unlink(Timeout timeout) {
        Timeout before = timeout.previous;
        Timeout after = timeout.next;
        if (before != null && after != null) {
            before.next = after;
            after.previous = before;
        }
        timeout.previous = null;
        timeout.next = null;
    }

    private static final class Head extends Timeout {
        @Override
        protected void onTimeout() {
            throw new IllegalStateException("the head of a slot has no deadline");
        }
    }
}
