package io.coordinator.client.topic;

import io.coordinator.client.error.CoordinatorException;

/** Hears what happens to a member of a consumer group. Runs on the client's callback executor, one call at a time. */
public interface ConsumerListener {
    /** Hears nothing; what fails is logged. */
    ConsumerListener NONE = new ConsumerListener() {};

    /** It has joined, at first or again. */
    default void onJoined() {}

    /** It is no member any more, since its session was lost; it joins again. */
    default void onLost() {}

    /**
     * In an exclusive group it is this member's turn.
     *
     * @param token the fencing token of the turn, greater than those of all turns before
     */
    default void onTurn(long token) {}

    /**
     * The function has thrown, or could not be run; the message is delivered again.
     *
     * @param failure what it threw
     */
    default void onFailure(Delivery delivery, Throwable failure) {}

    /** It has ended for good: the group or topic was deleted, rights are missing, or the client is closed. */
    default void onEnd(CoordinatorException why) {}
}
