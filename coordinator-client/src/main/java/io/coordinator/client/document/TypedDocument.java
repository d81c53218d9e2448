package io.coordinator.client.document;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A document as values of a type (DJ-TYPE-1), mapped by the client's {@code ObjectMapper}; in the cluster it is JSON. A
 * value that cannot be mapped is refused with {@link ValidationException}, one of more than 1 MiB as JSON with
 * {@link PayloadTooLargeException}; both change nothing.
 *
 * <p>Members that the type does not know are passed over when the document is read, unless the mapper says otherwise.
 * They are lost when the value is written. To keep them, give the type {@code @JsonAnySetter} and
 * {@code @JsonAnyGetter}, or edit parts of the {@linkplain #document() document} instead.
 *
 * @param <T> the type
 */
public interface TypedDocument<T> {
    /** The document itself, for edits of parts. */
    Document document();

    /** The value; empty if there is no such document, or it holds JSON null. */
    Optional<T> get();

    /** Replaces the value. */
    void replace(@Nullable T value);

    /**
     * Replaces the value by what a function makes of it, as a {@linkplain Document#transaction transaction}: the
     * function may run several times.
     *
     * @param change gets the value as it is
     * @return the value that was written
     * @throws KeyNotFoundException if there is no value to change
     */
    T update(UnaryOperator<T> change);
}
