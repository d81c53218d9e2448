package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;

/** The wheel of deadlines, turned by the loop while there is anything on it. */
final class Deadlines {
    private final Loop loop;
    private final DeadlineWheel wheel = new DeadlineWheel(System.nanoTime());
    private boolean turning;

    Deadlines(Loop loop) {
        this.loop = loop;
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
        wheel.sweep(System.nanoTime());
        turn();
    }
}
