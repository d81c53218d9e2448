package io.coordinator.client.transaction;

import io.coordinator.client.cache.Expect;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Writes to several keys and documents of one namespace in one entry of the log, under conditions (B-11): if all
 * conditions hold the writes of {@link #then} are applied, otherwise those of {@link #otherwise}; all of them or none.
 * Nobody sees a part of them.
 *
 * <p>Collects until it is committed; not safe for use by several threads.
 *
 * <p>Keys and ids are <a href="../package-summary.html#names">names</a>; bad ones are refused with
 * {@link ValidationException} when they are given, and all else by the commit. All conditions and the writes of both
 * branches are 1,000 at most, and have 3 MiB together at most.
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

    /**
     * What to write if all conditions hold; all of it in order. May be called again to add more. A function that
     * throws adds nothing.
     */
    Transaction then(Consumer<TransactionWrites> writes);

    /** What to write if a condition does not hold. May be called again to add more. */
    Transaction otherwise(Consumer<TransactionWrites> writes);

    /**
     * Applies it. Without conditions the writes of {@link #then} are applied; without writes nothing is changed.
     *
     * @throws BatchException if a write was refused (an increment of a text, an edit that cannot be made, a document
     *     that does not exist); it says which, and none was applied
     * @throws ValidationException if an argument of a condition or write is wrong, or there are more than 1,000 of them
     * @throws PayloadTooLargeException if a name or value, or all together, are too large
     * @throws RequestTimeoutException if the cluster did not answer in time
     */
    TransactionResult commit();

    /** See {@link #commit}. */
    CompletionStage<TransactionResult> commitAsync();
}
