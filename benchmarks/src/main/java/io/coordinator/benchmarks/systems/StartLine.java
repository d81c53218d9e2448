package io.coordinator.benchmarks.systems;

import java.util.concurrent.CountDownLatch;

/**
 * Where members of a group wait, with the first messages they got, until all of them are there: those that were started
 * first would otherwise have consumed much of the backlog by then.
 */
final class StartLine {
    private final CountDownLatch open = new CountDownLatch(1);

    /** Lets everyone go on, from now on. */
    void open() {
        open.countDown();
    }

    /** Waits on the thread of a member; false if that was interrupted, as it is when all is closed. */
    boolean await() {
        try {
            open.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
