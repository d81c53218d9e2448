package io.coordinator.client.internal.rpc;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many handlers of a worker run at a time, whichever way their calls came. Each way gives it as many as it takes
 * at a time, so that some can have to wait here. Lives on the loop.
 */
final class HandlerSlots {
    private final int slots;
    private final Set<CallRun> taken = new HashSet<>();
    private final Set<CallRun> waiting = new LinkedHashSet<>();

    HandlerSlots(int slots) {
        this.slots = slots;
    }

    /** Begins a call, now or when there is room. */
    void enter(CallRun run) {
        waiting.add(run);
        fill();
    }

    /** Has no effect on one that has left already. */
    void leave(CallRun run) {
        waiting.remove(run);
        if (taken.remove(run)) {
            fill();
        }
    }

    private void fill() {
        while (taken.size() < slots && !waiting.isEmpty()) {
            CallRun next = waiting.iterator().next();
            waiting.remove(next);
            taken.add(next);
            next.begin();
        }
    }
}
