package io.coordinator.server.session;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one thread does for one stream before others have their turn. Watches can have many changes to look at that say
 * nothing to the client, and queries can cost much and find little, so that no full frame ends the drain of an outbox.
 */
final class DrainShare {
    /** Pulls of watches in one drain; the rest is left to another thread, in turn with other streams. */
    private static final int PULLS_MAX = 2;

    /** Steps of queries in one drain; the rest is left likewise. */
    private static final int PUMPS_MAX = 2;

    private final Outgoing node;
    private final Runnable drain;
    private final AtomicBoolean left = new AtomicBoolean();
    private int pulls;
    private int pumps;

    /** @param drain goes on in a later turn */
    DrainShare(Outgoing node, Runnable drain) {
        this.node = node;
        this.drain = drain;
    }

    /** A thread begins to drain, which it does for all who ask meanwhile. */
    void begin() {
        pulls = 0;
        pumps = 0;
    }

    /** Whether watches may be pulled once more; if not, that is done in a later turn. */
    boolean takePull() {
        if (pulls >= PULLS_MAX) {
            leaveTheRest();
            return false;
        }
        pulls++;
        return true;
    }

    /** Whether queries may be evaluated; if not, that is done in a later turn. */
    boolean mayPump() {
        if (pumps >= PUMPS_MAX) {
            leaveTheRest();
            return false;
        }
        return true;
    }

    /** There were queries to evaluate. */
    void pumped() {
        pumps++;
    }

    private void leaveTheRest() {
        if (left.compareAndSet(false, true)) {
            node.later(() -> {
                left.set(false);
                drain.run();
            });
        }
    }
}
