package io.coordinator.client.internal.net;

/** Hears of one stream beside that of the session, on the loop. */
public interface SideLinkListener<A> {
    void onFrame(A frame);

    void onReady();

    /** The stream has ended: by the node, or because it cannot be reached. */
    void onClosed(String why);
}
