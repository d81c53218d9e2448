package io.coordinator.client.cache;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;

/**
 * A namespace of the cache with values that the cluster does not look into: they are stored, read, deleted and
 * compared by revision; counters and comparisons by value are refused. Watchers hear of changes without the values.
 * Errors are those of {@link Cache}.
 *
 * <p>Keys are <a href="../package-summary.html#names">names</a>; the bytes of a value are at most 1 MiB, or
 * {@link PayloadTooLargeException}.
 */
public interface OpaqueCache<V> {
    /** As {@link Cache#put(String, Object)}. */
    long put(String key, V value);

    /** As {@link Cache#put(String, Object, PutOptions)}. */
    long put(String key, V value, PutOptions options);

    /**
     * As {@link Cache#get}.
     *
     * @throws ValidationException if the value is JSON, or no value of the codec
     */
    Optional<Item<V>> get(String key);

    /** As {@link Cache#delete}. */
    boolean delete(String key);

    /**
     * Stores a value if the key's last change has this revision, keeping its remaining ttl.
     *
     * @param expectedRevision 0 for no such key; one that the key does not have, also a negative one, is not met
     * @return whether it had
     */
    boolean compareAndSet(String key, long expectedRevision, V value);

    /**
     * A value and its revision.
     *
     * @param revision of the key's last change
     */
    record Item<V>(V value, long revision) {}
}
