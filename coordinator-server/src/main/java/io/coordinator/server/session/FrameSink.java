package io.coordinator.server.session;

import io.coordinator.protocol.ServerFrame;

/** The transport of one client's stream. Calls come from one thread at a time, except {@link #requestFrame}. */
public interface FrameSink {
    Caller caller();

    /** Would another frame be taken without piling up in memory? */
    boolean isReady();

    void send(ServerFrame frame);

    /** Ends the stream after what was sent. */
    void end();

    /** Cuts the stream, with what was sent and is not on the wire yet. */
    void reset();

    /** Asks for one more frame from the client; any thread. */
    void requestFrame();

    /**
     * Runs the work in a later turn of the thread that frames arrive on, which hears other clients before; never, if
     * this node is closing. Only for calls on that thread.
     */
    void later(Runnable work);
}
