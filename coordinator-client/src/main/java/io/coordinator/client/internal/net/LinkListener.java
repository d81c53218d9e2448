package io.coordinator.client.internal.net;

import io.coordinator.protocol.ServerFrame;

/** Hears of one link, on the loop. */
public interface LinkListener {
    void onFrame(ServerFrame frame);

    void onReady();

    /** The stream has ended: by the node, or because it cannot be reached. */
    void onClosed(String why);
}
