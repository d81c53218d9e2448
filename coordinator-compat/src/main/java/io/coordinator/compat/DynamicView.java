package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.TransactionFunction;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A document in the words of the older library. */
record DynamicView(Document document) implements DynamicJson {
    @Override
    public Optional<JsonNode> get(String selector) {
        return document.at(selector).get();
    }

    @Override
    public boolean set(String selector, String key, @Nullable Object value) {
        return document.at(selector).set(key, value).isApplied();
    }

    @Override
    public boolean push(String selector, @Nullable Object value) {
        return document.at(selector).push(value).isApplied();
    }

    @Override
    public boolean unshift(String selector, @Nullable Object value) {
        return document.at(selector).unshift(value).isApplied();
    }

    @Override
    public Optional<JsonNode> pop(String selector) {
        return taken(document.at(selector).pop());
    }

    @Override
    public Optional<JsonNode> shift(String selector) {
        return taken(document.at(selector).shift());
    }

    private static Optional<JsonNode> taken(EditOutcome outcome) {
        return outcome instanceof EditOutcome.NotApplied ? Optional.of(BooleanNode.FALSE) : outcome.value();
    }

    @Override
    public JsonNode splice(String selector, long start, long count) {
        return document.at(selector).splice(start, count).value().orElse(BooleanNode.FALSE);
    }

    @Override
    public boolean removeItemFromArray(String selector, @Nullable Object item) {
        return document.at(selector).removeItem(item).isApplied();
    }

    @Override
    public boolean removeItemFromArray(String selector, @Nullable Object item, String key) {
        return document.at(selector).removeItem(item, ItemMatch.by(key)).isApplied();
    }

    @Override
    public boolean updateItemInArray(String selector, @Nullable Object item, @Nullable Object updatedItem) {
        return document.at(selector)
                .updateItem(item, updatedItem, ItemMatch.deep())
                .isApplied();
    }

    @Override
    public boolean updateItemInArray(String selector, @Nullable Object item, @Nullable Object updatedItem, String key) {
        return document.at(selector)
                .updateItem(item, updatedItem, ItemMatch.by(key))
                .isApplied();
    }

    @Override
    public void batch(Consumer<DocumentBatch> queries) {
        document.batchLeniently(queries);
    }

    @Override
    public void updateJsonFromProvided(@Nullable Object newContent) {
        document.replace(newContent);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T transaction(TransactionFunction<T, X> callback)
            throws X {
        return document.transaction(callback);
    }
}
