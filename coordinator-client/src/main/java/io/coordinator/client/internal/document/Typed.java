package io.coordinator.client.internal.document;

import io.coordinator.client.document.Document;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A document as values of a type. */
record Typed<T>(Document document, Class<T> type) implements TypedDocument<T> {
    @Override
    public Optional<T> get() {
        return document.get(type);
    }

    @Override
    public void replace(@Nullable T value) {
        document.replace(value);
    }

    @Override
    public T update(UnaryOperator<T> change) {
        return document.transaction(transaction -> {
            T before = transaction
                    .get(type)
                    .orElseThrow(() -> new KeyNotFoundException(
                            document + " holds nothing that could be changed; replace it first"));
            T after = change.apply(before);
            try {
                transaction.replace(after);
            } catch (CoordinatorException e) {
                throw e.withFunctionResult(after);
            }
            return after;
        });
    }
}
