package io.coordinator.client.internal.work;

import io.coordinator.client.internal.net.Loop;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many handlers of a worker run at a time, whichever way their work came. Each way gives it as much as it takes at
 * a time, so that some can have to wait here. Lives on the loop.
 */
final class HandlerSlots {
    /** A handler that was told to stop gives its place to other work by then, as in the cluster. */
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private final Loop loop;
    private final int slots;
    private final Set<HandlerRun> taken = new HashSet<>();
    private final Set<HandlerRun> waiting = new LinkedHashSet<>();

    HandlerSlots(Loop loop, int slots) {
        this.loop = loop;
        this.slots = slots;
    }

    /** Begins one, now or when there is room. */
    void enter(HandlerRun run) {
        waiting.add(run);
        fill();
    }

    /** The cluster does not wait for it any more; its place is free when its handler has ended. */
    void finished(HandlerRun run) {
        if (!run.isInHandler()) {
            leave(run);
        }
    }

    /** Its handler is told to stop, and does so or hangs. */
    void stopping(HandlerRun run) {
        loop.schedule(() -> leave(run), GRACE_NANOS);
    }

    /** Has no effect on one that has left already. */
    private void leave(HandlerRun run) {
        waiting.remove(run);
        if (taken.remove(run)) {
            fill();
        }
    }

    private void fill() {
        while (taken.size() < slots && !waiting.isEmpty()) {
            HandlerRun next = waiting.iterator().next();
            waiting.remove(next);
            taken.add(next);
            next.begin();
        }
    }
}
