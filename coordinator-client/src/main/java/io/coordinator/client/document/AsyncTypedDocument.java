package io.coordinator.client.document;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous face of a {@link TypedDocument}; outcomes and errors are the same.
 *
 * @param <T> the type
 */
public interface AsyncTypedDocument<T> {
    /** See {@link TypedDocument#document}. */
    AsyncDocument document();

    /** See {@link TypedDocument#get}. */
    CompletionStage<Optional<T>> get();

    /** See {@link TypedDocument#replace}. */
    CompletionStage<EditOutcome> replace(@Nullable T value);

    /**
     * See {@link TypedDocument#update}.
     *
     * @param change runs on the client's work executor
     */
    CompletionStage<T> update(UnaryOperator<T> change);
}
