package io.coordinator.client.cluster;

/** A listener's place in a list; closing it removes the listener. Idempotent. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
