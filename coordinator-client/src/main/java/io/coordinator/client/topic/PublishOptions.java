package io.coordinator.client.topic;

/**
 * How a message is published. Immutable.
 *
 * @param counted whether the leader answers to how many sessions it goes
 * @param undroppable whether a subscriber that is too slow for it is cut off, instead of missing it alone
 */
public record PublishOptions(boolean counted, boolean undroppable) {
    private static final PublishOptions COUNTED = new PublishOptions(true, false);
    private static final PublishOptions UNDROPPABLE = new PublishOptions(true, true);
    private static final PublishOptions FIRE_AND_FORGET = new PublishOptions(false, false);

    /** The leader takes the message and answers to how many sessions it goes. */
    public static PublishOptions defaults() {
        return COUNTED;
    }

    /**
     * As {@link #defaults()}, but the leader never drops this message alone for a subscriber that is slow. It waits for
     * such a one beside what is dropped for it. If there is no room for that either, the leader ends the subscriber's
     * topic stream, which is told as {@link TopicGap.Cause#RECONNECTED}. So each session that was counted hears the
     * message, or a gap in its place. It is not kept: a handler that is slow can still fill its own buffer in the
     * client, and a new leader knows nothing of it. What must not be missed goes to a {@link DurableTopic}.
     */
    public static PublishOptions neverDropped() {
        return UNDROPPABLE;
    }

    /**
     * Nobody answers: the call ends when the message was handed to the connection. It waits while that takes no more,
     * and is lost without a word if the leader is lost or refuses it.
     */
    public static PublishOptions fireAndForget() {
        return FIRE_AND_FORGET;
    }
}
