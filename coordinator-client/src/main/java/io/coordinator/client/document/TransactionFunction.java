package io.coordinator.client.document;

import org.jspecify.annotations.Nullable;

/**
 * The work of a transaction.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TransactionFunction<T extends @Nullable Object, X extends Exception> {
    /** Reads and edits; may run several times. */
    T apply(DocumentTransaction document) throws X;
}
