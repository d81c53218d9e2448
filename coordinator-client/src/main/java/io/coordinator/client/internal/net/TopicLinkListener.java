package io.coordinator.client.internal.net;

import io.coordinator.protocol.TopicServerFrame;

/** Hears of one topic stream, on the loop. */
public interface TopicLinkListener {
    void onFrame(TopicServerFrame frame);

    void onReady();

    /** The stream has ended: by the node, or because it cannot be reached. */
    void onClosed(String why);
}
