package io.coordinator.client.cache;

import io.coordinator.client.error.ValidationException;

/**
 * Values as bytes that only their owners can read.
 *
 * @param <V> the values
 */
public interface ValueCodec<V> {
    /**
     * A value as bytes, not null; at most 1 MiB, and none are a value as well. What it throws reaches the caller in a
     * {@link ValidationException}.
     */
    byte[] encode(V value);

    /**
     * Bytes as the value, not null. Whatever else it throws reaches the caller in a {@link ValidationException} too.
     *
     * @param bytes as {@link #encode} gave them, to this client or to another
     * @throws ValidationException if they are not one
     */
    V decode(byte[] bytes);
}
