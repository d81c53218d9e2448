package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document: its root, and what concerns it as a whole. A handle is cheap and safe for use by many threads.
 *
 * <p>Reads are linearizable and never wait for transactions. Each edit is one entry of the log and one revision,
 * or no revision if it leaves the document as it was, digits and order of members included. Every method can throw
 * {@link RequestTimeoutException}, {@link SessionExpiredException} and {@link ClosedException}; edits also
 * {@link KeyNotFoundException} if there is no such document (any more), {@link FencedException} if
 * {@linkplain #guardedBy guarded}, and {@link PayloadTooLargeException} if a value has more than 1 MiB, or the document
 * had more than 2 MiB, as JSON.
 */
public interface Document extends DocumentNode {
    /** The namespace. */
    String namespace();

    /** The id within the namespace. */
    String id();

    /** Whether this handle's {@code open} created the document (DJ-INIT-1). */
    boolean created();

    /** This document with every edit guarded by a grant, also those of transactions. */
    Document guardedBy(Guard guard);

    /**
     * This document with another deadline for each call.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    Document withTimeout(Duration timeout);

    /** This document with other consistency for reads than {@link ReadConsistency#LINEARIZABLE}. */
    Document withConsistency(ReadConsistency consistency);

    /** What the cluster keeps about it; empty if there is no such document. */
    Optional<DocumentInfo> info();

    /**
     * Makes several edits in one entry and one revision, all or none. A batch without edits succeeds and changes
     * nothing.
     *
     * @param edits 10,000 at most
     * @throws ValidationException if there are more
     * @throws BatchException if one cannot be made; it says which
     */
    BatchOutcome batch(Consumer<DocumentBatch> edits);

    /** As {@link #batch}, but edits that cannot be made are passed over (DJ-BAT-2). */
    BatchOutcome batchLeniently(Consumer<DocumentBatch> edits);

    /**
     * As {@link #batch}, if the document's revision is still the expected one (B-10).
     *
     * @param expectedRevision as in {@link DocumentInfo#revision()}; at least 1
     * @throws ConflictException if it is not; nothing is changed
     * @throws ValidationException if the revision is less than 1
     */
    BatchOutcome batchAt(long expectedRevision, Consumer<DocumentBatch> edits);

    /**
     * Applies a JSON Patch (RFC 6902), all of it or nothing, in one entry. With {@code test} operations it is a
     * compare-and-set.
     *
     * @param patch an array of operations, 10,000 at most; an empty one succeeds and changes nothing
     * @throws BatchException if an operation cannot be made or a test fails; it says which
     * @throws ValidationException if it is no JSON Patch, or has more operations
     */
    BatchOutcome patch(JsonNode patch);

    /**
     * Replaces the whole content if the revision is still the expected one.
     *
     * @param expectedRevision as in {@link DocumentInfo#revision()}; at least 1
     * @param content at most 1 MiB as JSON; null for JSON null
     * @throws ConflictException if it is not; nothing is changed
     * @throws ValidationException if the revision is less than 1
     */
    BatchOutcome compareAndReplace(long expectedRevision, @Nullable Object content);

    /** As {@link #transaction(TransactionOptions, TransactionFunction)}, with the defaults. */
    <T extends @Nullable Object, X extends Exception> T transaction(TransactionFunction<T, X> function) throws X;

    /**
     * Reads and edits the document as if nobody else did (DJ-TX-1). The function works on a copy; its edits are
     * committed together in one entry when it returns, and only if nobody has changed the document since it was read.
     * If somebody did, the function runs again on what is there now; so it must be safe to run several times. What it
     * throws reaches the caller, and nothing is changed (DJ-TX-4).
     *
     * @return what the function returned
     * @throws X what the function threw
     * @throws FencedException if the document is {@linkplain #guardedBy guarded} and the grant is gone
     * @throws LockTimeoutException if others' transactions took longer than the wait
     * @throws TransactionException {@code ETXEXPIRED} if it took longer than its timeout, {@code ETXNESTED} if it was
     *     begun inside another one of the same document
     * @throws ConflictException if others have changed the document each time that it ran
     * @throws ValidationException if it makes more than 10,000 edits
     */
    <T extends @Nullable Object, X extends Exception> T transaction(
            TransactionOptions options, TransactionFunction<T, X> function) throws X;

    /** Tells a listener of each change of this document from now on; see {@link CoordinatorClient#watch}. */
    Subscription watch(WatchListener listener);

    /**
     * As {@link #watch(WatchListener)}, but only for edits that can concern one place. These are edits of the place
     * itself, of what is below or above it, and those that may move another element of an array to it: an element that
     * is added or removed before it, or added at the array's end. The events carry only those operations of the patch.
     * The creation and the end of the document are always told.
     *
     * @param place need not be there yet
     */
    Subscription watch(Selector place, WatchListener listener);

    /**
     * Deletes the document.
     *
     * @return false if there was none
     */
    boolean delete();
}
