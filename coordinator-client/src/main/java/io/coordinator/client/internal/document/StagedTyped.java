package io.coordinator.client.internal.document;

import io.coordinator.client.document.AsyncTypedDocument;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.internal.async.Promise;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A document as values of a type, as messages. */
record StagedTyped<T>(StagedDocument document, Class<T> type) implements AsyncTypedDocument<T> {
    @Override
    public Promise<Optional<T>> get() {
        return document.get(type);
    }

    @Override
    public CompletionStage<EditOutcome> replace(@Nullable T value) {
        return document.replace(value);
    }

    @Override
    public Promise<T> update(UnaryOperator<T> change) {
        TypedDocument<T> blocking = new Typed<>(document.blocking(), type);
        return document.surroundings().work(() -> blocking.update(change));
    }
}
