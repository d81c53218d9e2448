package io.coordinator.client;

/**
 * Values as bytes that only their owners can read.
 *
 * @param <V> the values
 */
public interface ValueCodec<V> {
    /** A value as bytes. */
    byte[] encode(V value);

    /**
     * Bytes as the value.
     *
     * @throws ValidationException if they are not one
     */
    V decode(byte[] bytes);
}
