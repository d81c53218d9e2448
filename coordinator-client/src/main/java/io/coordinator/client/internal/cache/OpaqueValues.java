package io.coordinator.client.internal.cache;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import java.util.Optional;

/** Values of a codec. */
record OpaqueValues<V>(CacheCalls calls, ValueCodec<V> codec) implements OpaqueCache<V> {
    OpaqueValues {
        requireNonNull(codec, "codec");
    }

    @Override
    public long put(String key, V value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public long put(String key, V value, PutOptions options) {
        return Await.result(calls.putOpaque(key, encoded(value), options));
    }

    @Override
    public Optional<Item<V>> get(String key) {
        return Await.result(calls.get(key)).map(entry -> {
            if (!entry.isOpaque()) {
                throw new ValidationException("the value at '" + key + "' is JSON, and not one of a codec");
            }
            return new Item<>(decoded(key, entry.json()), entry.revision());
        });
    }

    /** A codec is user code. */
    private byte[] encoded(V value) {
        byte[] bytes;
        try {
            bytes = codec.encode(value);
        } catch (Throwable e) { // also what the compiler thinks cannot come
            throw refused("the codec threw " + e.getClass().getName() + " when it encoded the value", e);
        }
        if (bytes == null) {
            throw new ValidationException("the codec encoded the value as null; encode it as bytes, perhaps none");
        }
        return bytes;
    }

    private V decoded(String key, byte[] bytes) {
        V value;
        try {
            value = codec.decode(bytes);
        } catch (Throwable e) { // also what the compiler thinks cannot come
            throw refused(
                    "the codec threw " + e.getClass().getName() + " when it decoded the value at '" + key + "'", e);
        }
        if (value == null) {
            throw new ValidationException("the codec decoded the value at '" + key + "' as null; throw if it is none");
        }
        return value;
    }

    private static CoordinatorException refused(String message, Throwable cause) {
        return cause instanceof CoordinatorException own ? own : new ValidationException(message, cause);
    }

    @Override
    public boolean delete(String key) {
        return Await.result(calls.delete(key));
    }

    @Override
    public boolean compareAndSet(String key, long expectedRevision, V value) {
        return Await.result(calls.replaceOpaque(key, expectedRevision, encoded(value)));
    }
}
