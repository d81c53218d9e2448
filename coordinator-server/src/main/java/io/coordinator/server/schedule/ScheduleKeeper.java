package io.coordinator.server.schedule;

import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the schedules that are due looked at while this node leads, on a thread of its own. */
public final class ScheduleKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleKeeper.class);
    private static final long LOOK_MILLIS = 50;

    private final ScheduleRounds rounds;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-schedules");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts to look.
     *
     * @param date milliseconds since 1970, as entries are stamped
     */
    public ScheduleKeeper(Proposer proposer, Replica replica, LongSupplier date) {
        rounds = new ScheduleRounds(
                () -> proposer.isOpen() && !proposer.isOverloaded(),
                query -> replica.locked(core -> core.query(query)),
                proposer::offer,
                date,
                this::lookAgain);
        var unused = clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How many schedules this node could not time when it looked at them, in the last two minutes. */
    public int untimed() {
        return rounds.untimed();
    }

    private void lookAgain() {
        if (asked.compareAndSet(false, true)) {
            try {
                clock.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("schedules are not looked at any more, since this node stops");
            }
        }
    }

    /** A scheduled action that throws is never run again; not even an error of a library may end all schedules. */
    private void look() {
        asked.set(false);
        try {
            rounds.look();
        } catch (RuntimeException | Error e) {
            LOG.error("schedules were not looked at", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
