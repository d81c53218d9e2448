package io.coordinator.client.cache;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ValidationException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A cached value with its revisions, as it was at one moment. The JSON is parsed when it is asked for, each time anew.
 */
public interface Entry {
    /** The key. */
    String key();

    /**
     * The value, its numbers with all their digits; a {@code NullNode} for JSON null.
     *
     * @throws ValidationException if it {@linkplain #isOpaque() is no JSON} but bytes of an {@link OpaqueCache}
     */
    JsonNode value();

    /**
     * The value as a Java object; null for JSON null. Numbers have the precision of the type's.
     *
     * @throws ValidationException if the JSON does not fit the type, or the value {@linkplain #isOpaque() is no JSON}
     */
    <T> @Nullable T as(Class<T> type);

    /**
     * The value as a Java object of a generic type; null for JSON null.
     *
     * @throws ValidationException if the JSON does not fit the type, or the value {@linkplain #isOpaque() is no JSON}
     */
    <T> @Nullable T as(TypeReference<T> type);

    /** The value as UTF-8 JSON text, or the bytes of an {@linkplain #isOpaque() opaque} one. */
    byte[] json();

    /** Whether it is not JSON but bytes of an {@link OpaqueCache}; then {@link #json} are these bytes. */
    boolean isOpaque();

    /** The global revision of the key's last change (G-10). */
    long revision();

    /** The global revision at which the key was created. */
    long createRevision();

    /** 1 at creation, plus 1 at each change. */
    long version();

    /** Cluster time in milliseconds at which the key expires; empty if never. */
    OptionalLong expiresAtMillis();
}
