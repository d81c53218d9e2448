package io.coordinator.client.topic;

import io.coordinator.client.error.CoordinatorException;

/**
 * Hears of a topic's messages. Runs on the client's callback executor, one call at a time for each subscription, in the
 * order of offsets. It may block: messages then wait in the cluster. If it throws, whatever it throws, that is logged,
 * and it goes on with the next message.
 */
@FunctionalInterface
public interface RecordListener {
    void onRecord(TopicRecord record);

    /** Messages before the next one are missed. */
    default void onGap(RecordGap gap) {}

    /**
     * The subscription has ended for good: bad arguments, missing rights or a closed client. Anything that may pass, as
     * a cluster without a leader, is waited for.
     */
    default void onError(CoordinatorException error) {}
}
