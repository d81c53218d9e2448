package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Document} with stages instead of blocking calls. Watches are only there, since they give no answer to wait
 * for.
 */
public interface AsyncDocument extends AsyncDocumentNode {
    /** See {@link Document#namespace}. */
    String namespace();

    /** See {@link Document#id}. */
    String id();

    /** See {@link Document#created}. */
    boolean created();

    /** See {@link Document#guardedBy}. */
    AsyncDocument guardedBy(Guard guard);

    /** See {@link Document#withTimeout}. */
    AsyncDocument withTimeout(Duration timeout);

    /** See {@link Document#withConsistency}. */
    AsyncDocument withConsistency(ReadConsistency consistency);

    /** See {@link Document#info}. */
    CompletionStage<Optional<DocumentInfo>> info();

    /** See {@link Document#batch}. */
    CompletionStage<BatchOutcome> batch(Consumer<DocumentBatch> edits);

    /** See {@link Document#batchLeniently}. */
    CompletionStage<BatchOutcome> batchLeniently(Consumer<DocumentBatch> edits);

    /** See {@link Document#batchAt}. */
    CompletionStage<BatchOutcome> batchAt(long expectedRevision, Consumer<DocumentBatch> edits);

    /** See {@link Document#patch}. */
    CompletionStage<BatchOutcome> patch(JsonNode patch);

    /** See {@link Document#compareAndReplace}. */
    CompletionStage<BatchOutcome> compareAndReplace(long expectedRevision, @Nullable Object content);

    /**
     * See {@link Document#transaction(TransactionFunction)}.
     *
     * @param function runs on the client's work executor
     */
    <T extends @Nullable Object> CompletionStage<T> transaction(TransactionFunction<T, ?> function);

    /**
     * See {@link Document#transaction(TransactionOptions, TransactionFunction)}.
     *
     * @param function runs on the client's work executor
     */
    <T extends @Nullable Object> CompletionStage<T> transaction(
            TransactionOptions options, TransactionFunction<T, ?> function);

    /** See {@link Document#delete}. */
    CompletionStage<Boolean> delete();
}
