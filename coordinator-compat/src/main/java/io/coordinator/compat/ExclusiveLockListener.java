package io.coordinator.compat;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.LossReason;

/**
 * Hears of an {@link ExclusiveLock}'s life (EL-EVT-1 … EL-EVT-4). Runs on the client's callback executor, one call
 * at a time. Whatever a listener throws, errors included, is logged; it and the others hear what comes after.
 *
 * <p>The key is that of the lock, a {@linkplain io.coordinator.client name}; see {@link ExclusiveLock#key()}.
 */
public interface ExclusiveLockListener {
    /**
     * The lock was acquired.
     *
     * @param token the fencing token of the grant; at least 1
     */
    default void onAcquired(String key, long token) {}

    /**
     * The lock was refreshed.
     *
     * @param lockTtlMillis the full ttl, which starts anew
     * @param deadlineMillis the cluster time at which it would end now
     */
    default void onRefreshed(String key, long lockTtlMillis, long deadlineMillis) {}

    /** The lock is not held by this instance any more. */
    default void onReleased(String key, ReleaseReason reason) {}

    /** A refresh, or the release after it, failed for good. Without any listener it is logged. */
    default void onError(String key, CoordinatorException error) {}

    /** The lock was lost: stop the protected work. Before {@link #onReleased}. */
    default void onLost(String key, LossReason reason) {}

    /** Why a lock is not held any more. */
    enum ReleaseReason {
        /** It was released by its holder. */
        RELEASED,
        /** It was lost, or given up after a refresh that failed. */
        LOST
    }
}
