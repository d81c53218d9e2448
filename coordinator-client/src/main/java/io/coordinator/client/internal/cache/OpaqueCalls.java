package io.coordinator.client.internal.cache;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.cache.AsyncOpaqueCache;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import java.util.Optional;

/** Values of a codec, as bytes. */
record OpaqueCalls<V>(CacheCalls calls, Promises promises, ValueCodec<V> codec) implements AsyncOpaqueCache<V> {
    OpaqueCalls {
        requireNonNull(codec, "codec");
    }

    @Override
    public Promise<Long> put(String key, V value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public Promise<Long> put(String key, V value, PutOptions options) {
        return promises.attempt(() -> calls.putOpaque(key, encoded(value), options));
    }

    @Override
    public Promise<Optional<OpaqueCache.Item<V>>> get(String key) {
        return promises.reading().map(calls.get(key), found -> found.map(entry -> item(key, entry)));
    }

    private OpaqueCache.Item<V> item(String key, Entry entry) {
        if (!entry.isOpaque()) {
            throw new ValidationException("the value at '" + key + "' is JSON, and not one of a codec");
        }
        return new OpaqueCache.Item<>(decoded(key, entry.json()), entry.revision());
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
    public Promise<Boolean> delete(String key) {
        return calls.delete(key);
    }

    @Override
    public Promise<Boolean> compareAndSet(String key, long expectedRevision, V value) {
        return promises.attempt(() -> calls.replaceOpaque(key, expectedRevision, encoded(value)));
    }
}
