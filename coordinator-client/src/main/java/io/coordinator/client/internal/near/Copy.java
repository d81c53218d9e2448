package io.coordinator.client.internal.near;

import org.jspecify.annotations.Nullable;

/**
 * A value as it was at a revision.
 *
 * @param freshUntilNanos the local time from which the cluster has to be asked again
 * @param expires whether there is such a time
 */
public record Copy<V>(@Nullable V value, long revision, long freshUntilNanos, boolean expires) {
    boolean isPast(long nowNanos) {
        return expires && nowNanos - freshUntilNanos >= 0;
    }
}
