package io.coordinator.benchmarks.harness;

/** A client of a system that takes a request to a worker and the answer back. */
public interface CallDriver extends Driver {
    /**
     * Starts a worker with a connection of its own that answers each request with the request itself.
     *
     * @return the caller; closing it stops the worker
     */
    MessageCaller openCalls() throws Exception;

    /**
     * As {@link #openCalls()}, where no call needs to outlive a server. Systems that have only one kind of calls use
     * that.
     */
    default MessageCaller openEphemeralCalls() throws Exception {
        return openCalls();
    }
}
