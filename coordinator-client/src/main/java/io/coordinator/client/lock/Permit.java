package io.coordinator.client.lock;

import io.coordinator.client.error.RequestTimeoutException;
import java.util.concurrent.CompletionStage;

/** One grant of one or more permits of a semaphore (DL-SEM-3). */
public interface Permit extends Grant {
    /** The semaphore's name. */
    String name();

    /** How many permits it is; at least 1. */
    int permits();

    /**
     * Gives the permits back. Idempotent.
     *
     * @return true if this call, or an earlier one, ended a live grant; false if it was already gone
     * @throws RequestTimeoutException if the cluster did not answer in time; the SDK goes on trying
     */
    boolean release();

    /** See {@link #release()}. */
    CompletionStage<Boolean> releaseAsync();
}
