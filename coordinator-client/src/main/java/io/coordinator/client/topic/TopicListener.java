package io.coordinator.client.topic;

/**
 * Hears the messages of one subscription, one at a time and in their order, never on a transport thread. If it throws,
 * whatever it throws, {@link SubscribeOptions#onError} hears of it, and the next message comes all the same.
 */
@FunctionalInterface
public interface TopicListener {
    /** A message of a topic that the subscription matches. */
    void onMessage(TopicMessage message);
}
