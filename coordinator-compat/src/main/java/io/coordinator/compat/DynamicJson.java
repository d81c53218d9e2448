package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.DocumentOperations;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionFunction;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A document as the older library had it: with selectors as arguments, and answers that are true or false.
 * {@link Document} says more about what an edit came to.
 *
 * <p>Selectors are those of {@link Selector#of(String)}: steps separated by dots. Steps and names of members are no
 * {@linkplain io.coordinator.client names}, but as for {@link DocumentOperations}, and so are indexes and values;
 * what has half of a surrogate pair is refused with {@link ValidationException}.
 */
public interface DynamicJson {
    /** The document that this is a view of. */
    Document document();

    /** What is there; empty if nothing is (DJ-GET-1). The empty selector is the whole document. */
    Optional<JsonNode> get(String selector);

    /** Sets a member of the object that is there; false if there is none (DJ-SET-1). */
    boolean set(String selector, String key, @Nullable Object value);

    /** Appends to the array that is there; false if there is none (DJ-PUSH-1). */
    boolean push(String selector, @Nullable Object value);

    /** Puts an element before the array's others; false if there is none (DJ-PUSH-2). */
    boolean unshift(String selector, @Nullable Object value);

    /**
     * Takes the last element (DJ-POP-1).
     *
     * @return empty if the array is empty; {@code false} if there is no array, which an element can be as well
     */
    Optional<JsonNode> pop(String selector);

    /** Takes the first element; answers as {@link #pop}. */
    Optional<JsonNode> shift(String selector);

    /**
     * Removes elements by JavaScript's rules; the array of them, or {@code false} if there is no array (DJ-SPL-1).
     *
     * @param start as for {@link DocumentOperations#splice}
     * @param count as there
     */
    JsonNode splice(String selector, long start, long count);

    /** Removes the first element that is equal to the item; false if there is none (DJ-REM-1). */
    boolean removeItemFromArray(String selector, @Nullable Object item);

    /** Removes the first object whose member of that name equals the item's; false if there is none (DJ-REM-2). */
    boolean removeItemFromArray(String selector, @Nullable Object item, String key);

    /** Updates the first element that is equal to the item; false if there is none (DJ-UPD-1). */
    boolean updateItemInArray(String selector, @Nullable Object item, @Nullable Object updatedItem);

    /** Updates the first object whose member of that name equals the item's; false if there is none (DJ-UPD-2). */
    boolean updateItemInArray(String selector, @Nullable Object item, @Nullable Object updatedItem, String key);

    /** Makes several edits in one step; those that cannot be made are passed over (DJ-BAT-2). */
    void batch(Consumer<DocumentBatch> queries);

    /** Replaces the whole document (DJ-REPL-1). */
    void updateJsonFromProvided(@Nullable Object newContent);

    /** See {@link Document#transaction(TransactionFunction)}. */
    <T extends @Nullable Object, X extends Exception> T transaction(TransactionFunction<T, X> callback) throws X;
}
