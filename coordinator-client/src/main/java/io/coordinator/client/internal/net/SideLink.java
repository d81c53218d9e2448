package io.coordinator.client.internal.net;

/** A stream to one node beside that of the session, on a connection of its own. Used on the loop only. */
public interface SideLink<Q> {
    /** Sends a frame, or buffers it if the transport is {@linkplain #isReady() not ready}. */
    void send(Q frame);

    /**
     * Whether the transport takes a frame without piling it up; {@link SideLinkListener#onReady} tells when it does
     * again.
     */
    boolean isReady();

    /** Whether the next frames are left where they are: in the node, but for the few that are on their way. */
    void hold(boolean held);

    /** Ends the stream at once; the listener hears nothing more. */
    void close();
}
