package io.coordinator.client.topic;

/**
 * Messages that a subscription did not get.
 *
 * @param cause why
 * @param messages how many; of the whole client for {@link Cause#SLOW_CLIENT}, since the cluster does not tell them
 *     apart; 0 for {@link Cause#RECONNECTED}: nobody knows
 */
public record TopicGap(Cause cause, long messages) {
    /** Why messages are missing. */
    public enum Cause {
        /** The cluster had more waiting for this client than it may, and dropped the newest. */
        SLOW_CLIENT,
        /** The handler was slower than the messages came, and its buffer here was full. */
        SLOW_HANDLER,
        /** The topic stream was lost and is there again: what was published in between was not kept. */
        RECONNECTED
    }
}
