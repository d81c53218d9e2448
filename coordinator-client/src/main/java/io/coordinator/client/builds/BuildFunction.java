package io.coordinator.client.builds;

import org.jspecify.annotations.Nullable;

/**
 * Makes the value of a key.
 *
 * @param <T> the value; written as JSON by the client's mapper
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface BuildFunction<T extends @Nullable Object, X extends Exception> {
    /** Builds the value; should look at {@link BuildContext#isCancelled()} from time to time. */
    T build(BuildContext context) throws X;
}
