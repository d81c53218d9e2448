package io.coordinator.client.document;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which element of an array an item means: the first one that is equal to it. Immutable: each method returns a
 * changed copy.
 *
 * @param keyName the name of a member, of at most 1,024 bytes of UTF-8, can be empty; null compares whole elements; see
 *     {@link #key()}
 * @param isLoose whether scalars are compared as JavaScript's {@code ==} does
 */
public record ItemMatch(@Nullable String keyName, boolean isLoose) {
    private static final ItemMatch DEEP = new ItemMatch(null, false);

    /**
     * Checks the name.
     *
     * @throws ValidationException if it has half of a surrogate pair
     */
    public ItemMatch {
        if (keyName != null) {
            Text.wellFormed("key", keyName);
        }
    }

    /** By deep equality: the order of members does not count, 1 is 1.0, and {@code "1"} is not 1. */
    public static ItemMatch deep() {
        return DEEP;
    }

    /**
     * The first object whose member of this name equals the item's member. Elements that are no objects are passed
     * over.
     *
     * @param key of at most 1,024 bytes of UTF-8, or the edit fails with {@link PayloadTooLargeException}; can be empty
     * @throws ValidationException if it has half of a surrogate pair
     */
    public static ItemMatch by(String key) {
        return new ItemMatch(key, false);
    }

    /** Scalars match as well if they are equal as numbers: {@code "1"} is 1. */
    public ItemMatch loose() {
        return new ItemMatch(keyName, true);
    }

    /** The member to compare; empty for whole elements. */
    public Optional<String> key() {
        return Optional.ofNullable(keyName);
    }
}
