package io.coordinator.client.builds;

/**
 * What is to be done once.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface OnceTask<X extends Exception> {
    /** Does it; the context's token fences what it changes elsewhere. */
    void run(BuildContext context) throws X;
}
