package io.coordinator.client.lock;

import org.jspecify.annotations.Nullable;

/**
 * Work done under a lock.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface FencedFunction<T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work.
     *
     * @param context writes that the cluster refuses once the grant is gone
     */
    T apply(FencedContext context) throws X;
}
