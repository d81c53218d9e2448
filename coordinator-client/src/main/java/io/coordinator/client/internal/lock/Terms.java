package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.lock.LockOptions;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * For how long something is asked for.
 *
 * @param ttlMillis 0 for as long as the session
 * @param waitMillis 0 not to wait, {@link #FOR_EVER} to wait without a deadline
 * @param renewal how the grant is kept alive, or null if it is not
 */
record Terms(long ttlMillis, long waitMillis, @Nullable Renewal renewal) {
    static final long FOR_EVER = -1;

    /**
     * The terms of a caller's options, with the wait that is usual for its call.
     *
     * @param callbacks runs the caller's listener
     */
    static Terms of(LockOptions options, long usualWaitMillis, Executor callbacks) {
        long ttl = options.ttl().map(Times::millis).orElse(0L);
        long wait = options.waitsForever()
                ? FOR_EVER
                : options.maxWait().map(Times::millis).orElse(usualWaitMillis);
        return new Terms(ttl, wait, options.autoRenew() ? renewal(options, callbacks) : null);
    }

    private static Renewal renewal(LockOptions options, Executor callbacks) {
        return options.renewal().map(how -> Renewal.of(how, callbacks)).orElseGet(Renewal::everyThird);
    }
}
