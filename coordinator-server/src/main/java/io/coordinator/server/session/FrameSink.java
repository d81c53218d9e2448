package io.coordinator.server.session;

/**
 * The transport of one client's stream. Calls come from one thread at a time, except {@link #requestFrame}, and of a
 * topic stream {@link #later}.
 *
 * @param <F> what is sent
 */
public interface FrameSink<F> {
    Caller caller();

    /** Would another frame be taken without piling up in memory? */
    boolean isReady();

    void send(F frame);

    /** Ends the stream after what was sent. */
    void end();

    /** Cuts the stream, with what was sent and is not on the wire yet. */
    void reset();

    /** Asks for one more frame from the client; any thread. */
    void requestFrame();

    /**
     * Runs the work in a later turn of the thread that frames arrive on; never, if this node is closing. That of a
     * session's stream hears other clients before, and is for calls on that thread.
     */
    void later(Runnable work);
}
