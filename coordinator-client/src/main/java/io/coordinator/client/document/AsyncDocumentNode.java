package io.coordinator.client.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** {@link DocumentNode} with stages instead of blocking calls. */
public interface AsyncDocumentNode extends DocumentOperations<CompletionStage<EditOutcome>> {
    /** See {@link DocumentNode#selector}. */
    Selector selector();

    /** See {@link DocumentNode#at(String)}. */
    default AsyncDocumentNode at(String selector) {
        return at(Selector.of(selector));
    }

    /** See {@link DocumentNode#at(Selector)}. */
    AsyncDocumentNode at(Selector selector);

    /** See {@link DocumentNode#get()}. */
    CompletionStage<Optional<JsonNode>> get();

    /** See {@link DocumentNode#get(Class)}. */
    <T> CompletionStage<Optional<T>> get(Class<T> type);

    /** See {@link DocumentNode#get(TypeReference)}. */
    <T> CompletionStage<Optional<T>> get(TypeReference<T> type);

    /** See {@link DocumentNode#exists}. */
    CompletionStage<Boolean> exists();

    /** See {@link DocumentNode#length}. */
    CompletionStage<OptionalLong> length();
}
