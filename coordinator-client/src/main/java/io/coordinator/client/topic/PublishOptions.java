package io.coordinator.client.topic;

/**
 * How a message is published. Immutable.
 *
 * @param counted whether the leader answers to how many sessions it goes
 */
public record PublishOptions(boolean counted) {
    private static final PublishOptions COUNTED = new PublishOptions(true);
    private static final PublishOptions FIRE_AND_FORGET = new PublishOptions(false);

    /** The leader takes the message and answers to how many sessions it goes. */
    public static PublishOptions defaults() {
        return COUNTED;
    }

    /**
     * Nobody answers: the call ends when the message was handed to the connection. It waits while that takes no more,
     * and is lost without a word if the leader is lost or refuses it.
     */
    public static PublishOptions fireAndForget() {
        return FIRE_AND_FORGET;
    }
}
