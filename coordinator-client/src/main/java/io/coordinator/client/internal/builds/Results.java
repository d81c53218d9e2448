package io.coordinator.client.internal.builds;

import io.coordinator.protocol.BuildResult;
import org.jspecify.annotations.Nullable;

/** What becomes of results that a call comes by. */
interface Results<T> {
    /**
     * Reads one that the cluster had.
     *
     * @param asOf the revision of the state that had it
     */
    @Nullable
    T found(BuildResult result, long asOf);

    /**
     * Hears of one that this call has built and committed; on the loop.
     *
     * @param sentNanos the local time before it was sent
     */
    default void built(@Nullable T value, long revision, long sentNanos) {}
}
