package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.lock.RenewalListener;
import io.coordinator.client.lock.RenewalOptions;
import java.util.concurrent.Executor;

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

    /**
     * As a caller wants it.
     *
     * @param callbacks runs the caller's listener
     */
    static Renewal of(RenewalOptions options, Executor callbacks) {
        return new Renewal(
                Times.millis(options.interval()),
                options.patience().map(Times::millis).orElse(0L),
                new ForUsers(options.listener(), new SerialExecutor(callbacks, "A renewal listener")));
    }

    /** When to renew next. */
    long afterMillis(long ttlMillis) {
        return Math.max(1, everyMillis == 0 ? ttlMillis / 3 : everyMillis);
    }

    /** Passes on what happens, off the loop and in order. */
    private record ForUsers(RenewalListener users, Executor inOrder) implements Listener {
        @Override
        public void renewed(long deadlineMillis) {
            inOrder.execute(() -> users.onRenewed(deadlineMillis));
        }

        @Override
        public void failed(CoordinatorException why) {
            inOrder.execute(() -> users.onFailed(why));
        }
    }
}
