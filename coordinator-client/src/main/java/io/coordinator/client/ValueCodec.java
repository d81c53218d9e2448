package io.coordinator.client;

/**
 * Values as bytes that only their owners can read.
 *
 * @param <V> the values
 */
public interface ValueCodec<V> {
    /** A value as bytes, at most 1 MiB; none are a value as well. */
    byte[] encode(V value);

    /**
     * Bytes as the value.
     *
     * @param bytes as {@link #encode} gave them, to this client or to another
     * @throws ValidationException if they are not one
     */
    V decode(byte[] bytes);
}
