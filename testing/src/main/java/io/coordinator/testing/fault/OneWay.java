package io.coordinator.testing.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What happens to the bytes of all connections of a proxy in one direction. Thread-safe. */
final class OneWay {

    /** What a pump should do with the bytes that it holds. */
    enum Passage {
        FORWARD,
        DISCARD
    }

    private enum State {
        OPEN,
        STALLED,
        DROPPING,
        CLOSED
    }

    private final AtomicLong forwarded = new AtomicLong();
    private State state = State.OPEN;
    private long delayNanos;

    /** Waits until bytes that were read at {@code readNanos} may pass, or are lost. */
    synchronized Passage await(long readNanos) throws InterruptedException {
        long left = readNanos + delayNanos - System.nanoTime();
        while (state == State.STALLED || (state == State.OPEN && left > 0)) {
            if (state == State.STALLED) {
                wait();
            } else {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            left = readNanos + delayNanos - System.nanoTime();
        }
        return state == State.OPEN ? Passage.FORWARD : Passage.DISCARD;
    }

    synchronized void stall() {
        become(State.STALLED);
    }

    synchronized void drop() {
        become(State.DROPPING);
    }

    /** Also ends a delay. */
    synchronized void open() {
        delayNanos = 0;
        become(State.OPEN);
    }

    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
        notifyAll();
    }

    /** Lets go of every pump, for ever. */
    synchronized void close() {
        become(State.CLOSED);
    }

    private void become(State next) {
        if (state != State.CLOSED) {
            state = next;
        }
        notifyAll();
    }

    void count(int bytes) {
        forwarded.addAndGet(bytes);
    }

    long forwarded() {
        return forwarded.get();
    }
}
