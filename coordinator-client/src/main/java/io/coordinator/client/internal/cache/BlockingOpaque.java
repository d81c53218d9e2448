package io.coordinator.client.internal.cache;

import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.internal.async.Await;
import java.util.Optional;

/** Values of a codec, for callers that wait. */
record BlockingOpaque<V>(OpaqueCalls<V> calls) implements OpaqueCache<V> {
    @Override
    public long put(String key, V value) {
        return Await.result(calls.put(key, value));
    }

    @Override
    public long put(String key, V value, PutOptions options) {
        return Await.result(calls.put(key, value, options));
    }

    @Override
    public Optional<Item<V>> get(String key) {
        return Await.result(calls.get(key));
    }

    @Override
    public boolean delete(String key) {
        return Await.result(calls.delete(key));
    }

    @Override
    public boolean compareAndSet(String key, long expectedRevision, V value) {
        return Await.result(calls.compareAndSet(key, expectedRevision, value));
    }
}
