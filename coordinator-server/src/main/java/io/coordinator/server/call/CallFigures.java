package io.coordinator.server.call;

import java.util.concurrent.atomic.LongAdder;

/** What is counted of ephemeral calls: by one thread, and read by any. */
final class CallFigures {
    private final LongAdder calls = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private volatile int inFlight;
    private volatile int waiting;

    long calls() {
        return calls.sum();
    }

    long refused() {
        return refused.sum();
    }

    long timedOut() {
        return timedOut.sum();
    }

    int inFlight() {
        return inFlight;
    }

    int waiting() {
        return waiting;
    }

    void call() {
        calls.increment();
    }

    void refuse() {
        refused.increment();
    }

    void timeOut() {
        timedOut.increment();
    }

    /** How it is now. */
    void show(int inFlightNow, int waitingNow) {
        inFlight = inFlightNow;
        waiting = waitingNow;
    }
}
