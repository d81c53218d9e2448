package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import org.jspecify.annotations.Nullable;

/**
 * A message to be published.
 *
 * @param key a <a href="../package-summary.html#names">name</a>; empty for none
 * @param value anything that the client's mapper writes as JSON
 */
public record NewMessage(String key, @Nullable Object value) {
    /**
     * Checks the key.
     *
     * @throws ValidationException if it has NUL or half of a surrogate pair
     */
    public NewMessage {
        Text.prefix("key", key);
    }

    /** A message without a key. */
    public static NewMessage of(@Nullable Object value) {
        return new NewMessage("", value);
    }

    /**
     * A message with a key.
     *
     * @param key a <a href="../package-summary.html#names">name</a>; empty for none
     */
    public static NewMessage of(String key, @Nullable Object value) {
        return new NewMessage(key, value);
    }
}
