package io.coordinator.compat;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of events one at a time and in order, on an executor that many share. */
final class EventOrder {
    private static final Logger log = LoggerFactory.getLogger(EventOrder.class);

    private final Executor shared;
    private final String owner;
    private final ArrayDeque<Runnable> events = new ArrayDeque<>();
    private boolean telling;

    /**
     * Nothing to tell yet.
     *
     * @param owner whose listeners hear of it; for messages
     */
    EventOrder(Executor shared, String owner) {
        this.shared = shared;
        this.owner = owner;
    }

    void add(Runnable event) {
        synchronized (events) {
            events.add(event);
            if (telling) {
                return;
            }
            telling = true;
        }
        shared.execute(this::tellAll);
    }

    private void tellAll() {
        for (Runnable event = next(); event != null; event = next()) {
            try {
                event.run();
            } catch (Throwable e) { // whatever a listener throws
                warn(log, "a listener of " + owner + " threw", e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (events) {
            Runnable event = events.poll();
            telling = event != null;
            return event;
        }
    }

    /** Logs what user code threw, also where that cannot be asked what it is. */
    static void warn(Logger log, String what, Throwable thrown) {
        try {
            log.warn("{}", what, thrown);
        } catch (Throwable e) { // of the methods of what was thrown
            log.warn(
                    "{} {}, which throws when it is asked for its text",
                    what,
                    thrown.getClass().getName());
        }
    }
}
