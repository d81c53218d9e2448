package io.coordinator.client;

/** Collects edits that are made together, in the order in which they are called. */
public interface DocumentBatch extends DocumentOperations<DocumentBatch> {
    /** The same batch, at a place below this one; steps are separated by dots. */
    default DocumentBatch at(String selector) {
        return at(Selector.of(selector));
    }

    /** The same batch, at a place below this one. */
    DocumentBatch at(Selector selector);
}
