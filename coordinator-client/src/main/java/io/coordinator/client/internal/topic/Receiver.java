package io.coordinator.client.internal.topic;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;

/** Whose subscription it is: user code, behind whatever brings messages to it. One call at a time. */
interface Receiver {
    void onMessage(TopicMessage message);

    void onGap(TopicGap gap);

    /** Something that the user's code has thrown. */
    void onFailure(Throwable thrown);

    /** There is nothing more to come, since the subscription has ended without having been closed. */
    void onEnd(CoordinatorException why);
}
