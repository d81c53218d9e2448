package io.coordinator.client.document;

import io.coordinator.client.error.ValidationException;

/** Collects edits that are made together, in the order in which they are called. */
public interface DocumentBatch extends DocumentOperations<DocumentBatch> {
    /**
     * The same batch, at a place below this one.
     *
     * @param selector as for {@link Selector#of(String)}: steps separated by dots, empty for this place
     * @throws ValidationException if it has half of a surrogate pair
     */
    default DocumentBatch at(String selector) {
        return at(Selector.of(selector));
    }

    /** The same batch, at a place below this one. */
    DocumentBatch at(Selector selector);
}
