package io.coordinator.client;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Writes to several keys and documents of one namespace in one entry of the log, under conditions (B-11): if all conditions hold
 * the writes of {@link #then} are applied, otherwise those of {@link #otherwise}; all of them or none. Nobody sees a part of them.
 *
 * <p>Collects until it is committed; not safe for use by several threads.
 */
public interface Transaction {
    /** A condition: what a key of the cache is. */
    Transaction whenCache(String key, Expect expect);

    /**
     * A condition: what is at a place in a document. A revision is that of the document.
     *
     * @param selector the place; steps are separated by dots, and the empty one is the root
     */
    default Transaction whenDocument(String id, String selector, Expect expect) {
        return whenDocument(id, Selector.of(selector), expect);
    }

    /** As {@link #whenDocument(String, String, Expect)}. */
    Transaction whenDocument(String id, Selector selector, Expect expect);

    /** A condition: a lock is held by this grant. */
    Transaction whenHeld(Guard grant);

    /** What to write if all conditions hold; all of it in order. May be called again to add more. */
    Transaction then(Consumer<TransactionWrites> writes);

    /** What to write if a condition does not hold. May be called again to add more. */
    Transaction otherwise(Consumer<TransactionWrites> writes);

    /**
     * Applies it. Without conditions they hold, and without writes nothing is changed.
     *
     * @throws BatchException if a write was refused (an increment of a text, an edit that cannot be made, a document that does not
     *     exist); it says which, and none was applied
     * @throws ValidationException if an argument of a condition or write is wrong
     * @throws RequestTimeoutException if the cluster did not answer in time
     */
    TransactionResult commit();

    /** See {@link #commit}. */
    CompletionStage<TransactionResult> commitAsync();
}
