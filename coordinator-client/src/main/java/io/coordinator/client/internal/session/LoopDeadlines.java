package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;

/** The wheel of deadlines by the loop's clock, turned by the loop while there is anything on it. */
final class LoopDeadlines {
    private final Loop loop;
    private final DeadlineWheel wheel;
    private boolean turning;

    LoopDeadlines(Loop loop) {
        this.loop = loop;
        wheel = new DeadlineWheel(loop.nanoTime());
    }

    void add(DeadlineWheel.Timeout timeout, long deadlineNanos) {
        wheel.add(timeout, deadlineNanos);
        turn();
    }

    void remove(DeadlineWheel.Timeout timeout) {
        wheel.remove(timeout);
    }

    private void turn() {
        if (!turning && !wheel.isEmpty()) {
            turning = true;
            loop.schedule(this::sweep, DeadlineWheel.SLOT_NANOS);
        }
    }

    private void sweep() {
        turning = false;
        wheel.sweep(loop.nanoTime());
        turn();
    }
}
