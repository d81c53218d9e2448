package io.coordinator.client.rpc;

import io.coordinator.client.error.RequestTimeoutException;
import java.util.concurrent.CompletionStage;

/**
 * Serves the calls of one name until it is unregistered or its client is closed. It survives reconnects, and
 * registers again when the session was lost and the client opens another one.
 */
public interface RpcWorker extends AutoCloseable {
    /** The namespace. */
    String namespace();

    /** The name that is called. */
    String name();

    /**
     * Whether it gets calls, as far as this client knows. False while the connection has been away for longer than
     * the session's lease, after a loss of the session until it is registered again, and once another registration of
     * this client has taken its name.
     */
    boolean isRegistered();

    /** How many calls its handler is at. */
    int running();

    /**
     * Gets no more calls from now on. Handlers that run go on, and their results count; calls that no handler has
     * begun go to other workers.
     *
     * @return false if it was not registered any more
     * @throws RequestTimeoutException if the cluster did not confirm it in time; it is unregistered as soon as that
     *     can be told
     */
    boolean unregister();

    /** As {@link #unregister()}, without waiting. */
    CompletionStage<Boolean> unregisterAsync();

    /**
     * Unregisters it and waits for the handlers that run, for at most {@link WorkerOptions#drainTimeout()}. Then
     * those left are interrupted, and their callers get {@link io.coordinator.client.error.HandlerGoneException}. An
     * interrupt of the waiting thread ends the wait, not the closing. Not for its own handlers, which would wait for
     * themselves: they use {@link #closeAsync()}.
     */
    @Override
    void close();

    /** As {@link #close()}, without waiting. Never fails. */
    CompletionStage<Void> closeAsync();
}
