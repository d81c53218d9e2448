package io.coordinator.server.raft;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a leader step down that hears of no majority any more. Ratis looks for that only when nothing else happens for an
 * election timeout; but what clients ask of a leader, and be it only a proof that it leads, is an entry, whose writing
 * is something that happens. So a leader that is cut off would keep its clients as long as they ask.
 */
final class QuorumWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumWatch.class);
    private static final long INTERVAL_MILLIS = 100;
    /** After a pause of this process the others need a moment to be heard. */
    private static final int LOOKS = 3;

    private final LongSupplier silenceMillis;
    private final long silenceMaxMillis;
    private final Runnable stepDown;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-quorum");
        thread.setDaemon(true);
        return thread;
    });
    private int silentLooks;

    /**
     * Does not look yet.
     *
     * @param silenceMillis for how long this node has led without hearing of a majority; 0 if it does not lead
     * @param silenceMaxMillis others may have elected another leader by then
     * @param stepDown called at every look at which that has lasted for too long
     */
    QuorumWatch(LongSupplier silenceMillis, long silenceMaxMillis, Runnable stepDown) {
        this.silenceMillis = silenceMillis;
        this.silenceMaxMillis = silenceMaxMillis;
        this.stepDown = stepDown;
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(
                this::guardedLook, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What is scheduled and throws is never run again. */
    private void guardedLook() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("whether this node still leads a majority could not be seen", e);
        }
    }

    void look() {
        long silence = silenceMillis.getAsLong();
        if (silence <= silenceMaxMillis) {
            silentLooks = 0;
        } else if (++silentLooks >= LOOKS) {
            LOG.warn("no majority was heard of for {} ms; this node leads no longer", silence);
            silentLooks = 0;
            stepDown.run();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
