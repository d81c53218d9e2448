package io.coordinator.client.lock;

import io.coordinator.client.error.CoordinatorException;

/**
 * Hears of the renewals of a grant. Runs on the client's callback executor, one call at a time, in order. Whatever it
 * throws,
 * errors included, is logged. That a grant is lost, {@link Grant#lost()} tells.
 */
public interface RenewalListener {
    /**
     * The grant was renewed.
     *
     * @param deadlineMillis the cluster time, in milliseconds, at which it would end now; more than 0
     */
    default void onRenewed(long deadlineMillis) {}

    /**
     * A renewal failed. The grant may yet be live; it is tried again for as long as it is held. Release the grant to
     * give it
     * up at once.
     */
    default void onFailed(CoordinatorException error) {}
}
