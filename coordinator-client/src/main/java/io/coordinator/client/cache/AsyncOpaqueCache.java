package io.coordinator.client.cache;

import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of an {@link OpaqueCache}; outcomes and errors are the same. Values are encoded on the calling
 * thread, and decoded on the client's callback executor. What a codec throws comes by the stage, in a {@link
 * ValidationException}.
 *
 * <p>Keys are <a href="../package-summary.html#names">names</a>.
 *
 * @param <V> the values
 */
public interface AsyncOpaqueCache<V> {
    /** See {@link OpaqueCache#put(String, Object)}. */
    CompletionStage<Long> put(String key, V value);

    /** See {@link OpaqueCache#put(String, Object, PutOptions)}. */
    CompletionStage<Long> put(String key, V value, PutOptions options);

    /** See {@link OpaqueCache#get(String)}. */
    CompletionStage<Optional<OpaqueCache.Item<V>>> get(String key);

    /** See {@link OpaqueCache#delete(String)}. */
    CompletionStage<Boolean> delete(String key);

    /**
     * See {@link OpaqueCache#compareAndSet(String, long, Object)}.
     *
     * @param expectedRevision 0 for no such key; one that the key does not have, also a negative one, is not met
     */
    CompletionStage<Boolean> compareAndSet(String key, long expectedRevision, V value);
}
