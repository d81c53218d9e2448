package io.coordinator.server.side;

import io.coordinator.server.session.Caller;

/**
 * The transport of one client's stream beside that of its session. It is written to on one thread, that of {@link
 * #run}; only {@link #requestFrame} and {@link #run} can be called on any.
 *
 * @param <A> frames to the client
 */
public interface SideSink<A> {
    Caller caller();

    /** Would another frame be taken without piling up in memory? */
    boolean isReady();

    void send(A frame);

    /** Ends the stream after what was sent. */
    void end();

    /** Cuts the stream, with what was sent and is not on the wire yet. */
    void reset();

    /** Asks for one more frame from the client. */
    void requestFrame();

    /** Runs something on the thread of this transport, soon; never, if this node is closing. */
    void run(Runnable work);
}
