package io.coordinator.client.topic;

/**
 * Handles one message of a consumer group. When it returns, the message is acknowledged, unless it has settled the
 * delivery itself. When it throws, whatever it throws, the message is rejected and delivered again after a delay.
 *
 * <p>It can run twice for one message: when its member dies or is cut off, when it takes longer than its lease, and
 * when its acknowledgement does not arrive. {@link Delivery#attempt} tells; effects outside of the cluster should bear
 * it.
 */
@FunctionalInterface
public interface DeliveryHandler {
    /**
     * Handles a message.
     *
     * @throws Exception to have the message delivered again
     */
    void handle(Delivery delivery) throws Exception;
}
