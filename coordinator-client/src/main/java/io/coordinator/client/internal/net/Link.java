package io.coordinator.client.internal.net;

import io.coordinator.protocol.ClientFrame;

/** A bidirectional stream to one node. Used on the loop only. */
public interface Link {
    /** Sends a frame, or buffers it if the transport is {@linkplain #isReady() not ready}. */
    void send(ClientFrame frame);

    /**
     * Whether the transport takes a frame without piling it up; {@link LinkListener#onReady} tells when it does again.
     */
    boolean isReady();

    /** Ends the stream at once; the listener hears nothing more. */
    void close();
}
