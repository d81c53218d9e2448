package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;

/**
 * How a grant with a ttl is kept alive.
 *
 * @param everyMillis how often; 0 for a third of the ttl, whatever that is
 * @param timeoutMillis how long one renewal may take before it counts as failed; 0 for as long as the grant may last
 * @param listener hears of each renewal, on the loop
 */
record Renewal(long everyMillis, long timeoutMillis, Listener listener) {
    private static final Renewal EVERY_THIRD = new Renewal(0, 0, new Listener() {});

    /** Hears of renewals, on the loop. */
    interface Listener {
        /** The grant now lasts until this cluster time. */
        default void renewed(long deadlineMillis) {}

        /** A renewal failed; the grant may yet be live. It is tried again as long as it is held. */
        default void failed(CoordinatorException why) {}
    }

    static Renewal everyThird() {
        return EVERY_THIRD;
    }

    /** When to renew next. */
    long afterMillis(long ttlMillis) {
        return Math.max(1, everyMillis == 0 ? ttlMillis / 3 : everyMillis);
    }
}
