package io.coordinator.client.lock;

import io.coordinator.client.error.CoordinatorException;
import java.util.Optional;

/**
 * Hears who leads. Runs on the client's callback executor, one call at a time, in order. If it throws, whatever it
 * throws, that is logged with the name of its class, and it hears what comes after.
 */
@FunctionalInterface
public interface LeaderListener {
    /**
     * The leader is another one than was told before, or nobody leads any more.
     *
     * @param leader empty if nobody leads
     */
    void onLeader(Optional<Leader> leader);

    /** The observation has ended: missing rights, a closed client. */
    default void onError(CoordinatorException error) {}
}
