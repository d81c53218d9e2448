package io.coordinator.client.topic;

/**
 * A subscription that goes on, over reconnects and new sessions too, until it is closed. Each handler has its own; the
 * cluster knows one for all handlers of one pattern in a client.
 */
public interface TopicSubscription extends AutoCloseable {
    /** The pattern as it was given. */
    String pattern();

    /** False once it has ended: it was closed, the client was, or the cluster has refused it after a reconnect. */
    boolean isActive();

    /** Ends it: no call of the handler begins after this; one that runs goes on. Idempotent, and waits for nothing. */
    @Override
    void close();
}
