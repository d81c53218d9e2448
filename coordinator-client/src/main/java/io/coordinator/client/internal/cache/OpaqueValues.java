package io.coordinator.client.internal.cache;

import io.coordinator.client.OpaqueCache;
import io.coordinator.client.PutOptions;
import io.coordinator.client.ValidationException;
import io.coordinator.client.ValueCodec;
import io.coordinator.client.internal.async.Await;
import java.util.Optional;

/** Values of a codec. */
record OpaqueValues<V>(CacheCalls calls, ValueCodec<V> codec) implements OpaqueCache<V> {
    @Override
    public long put(String key, V value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public long put(String key, V value, PutOptions options) {
        return Await.result(calls.putOpaque(key, codec.encode(value), options));
    }

    @Override
    public Optional<Item<V>> get(String key) {
        return Await.result(calls.get(key)).map(entry -> {
            if (!entry.isOpaque()) {
                throw new ValidationException("the value at '" + key + "' is JSON, and not one of a codec");
            }
            return new Item<>(codec.decode(entry.json()), entry.revision());
        });
    }

    @Override
    public boolean delete(String key) {
        return Await.result(calls.delete(key));
    }

    @Override
    public boolean compareAndSet(String key, long expectedRevision, V value) {
        return Await.result(calls.replaceOpaque(key, expectedRevision, codec.encode(value)));
    }
}
