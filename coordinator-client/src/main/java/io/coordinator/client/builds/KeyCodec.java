package io.coordinator.client.builds;

import io.coordinator.client.error.ValidationException;
import java.math.BigInteger;
import java.util.Set;
import java.util.UUID;

/**
 * Keys as strings, different ones for different keys (JC-OPT-2).
 *
 * @param <K> the keys
 */
@FunctionalInterface
public interface KeyCodec<K> {
    /**
     * The key as a string, which is a <a href="../package-summary.html#names">name</a>: not empty, without NUL, at most
     * 1,024 bytes. What it throws reaches the caller in a {@link ValidationException}.
     */
    String encode(K key);

    /**
     * Of types whose texts tell them apart: strings, whole numbers, UUIDs and enumerations.
     *
     * @throws ValidationException for other types; give a codec of your own for them
     */
    static <K> KeyCodec<K> of(Class<K> type) {
        boolean known =
                Set.of(String.class, Byte.class, Short.class, Integer.class, Long.class, BigInteger.class, UUID.class)
                                .contains(type)
                        || type.isEnum();
        if (!known) {
            throw new ValidationException("keys of type " + type.getName()
                    + " have no text of which is known that it tells them apart; give a KeyCodec");
        }
        return key -> key instanceof Enum<?> constant ? constant.name() : key.toString();
    }
}
