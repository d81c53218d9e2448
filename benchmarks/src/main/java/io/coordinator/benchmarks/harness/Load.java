package io.coordinator.benchmarks.harness;

import java.time.Duration;

/** What goes on in one cell, from its start until it is stopped, whether it is being recorded or not. */
interface Load extends AutoCloseable {
    /** From now on outcomes go to {@code next}, also those of requests already on their way. */
    void recordInto(Samples next);

    /**
     * Waits while there is something to do, but no longer than this.
     *
     * @return true if there is nothing left to do
     */
    boolean await(Duration time) throws InterruptedException;

    /**
     * As {@link #await}, but ends when as much is done as may be spent on warming up.
     *
     * @return true if that is so
     */
    boolean awaitWarm(Duration time) throws InterruptedException;

    /**
     * Starts nothing more and waits for the answers to what was started.
     *
     * @return how many requests were never answered
     */
    long stop(Duration patience) throws InterruptedException;
}
