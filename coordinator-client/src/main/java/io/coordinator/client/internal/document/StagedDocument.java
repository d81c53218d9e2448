package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.BatchOutcome;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionFunction;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.EditDocument;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A document, as messages. */
final class StagedDocument extends StagedNode implements AsyncDocument {
    private final Surroundings surroundings;
    private final boolean created;

    StagedDocument(DocumentCalls calls, Surroundings surroundings, String id, boolean created) {
        super(calls, id, Selector.root());
        this.surroundings = surroundings;
        this.created = created;
    }

    @Override
    public String namespace() {
        return calls().namespace();
    }

    @Override
    public boolean created() {
        return created;
    }

    @Override
    public StagedDocument guardedBy(Guard guard) {
        return new StagedDocument(calls().guardedBy(guard), surroundings, id(), created);
    }

    @Override
    public StagedDocument withTimeout(Duration timeout) {
        return new StagedDocument(calls().withTimeout(timeout), surroundings, id(), created);
    }

    @Override
    public StagedDocument withConsistency(ReadConsistency consistency) {
        return new StagedDocument(calls().withConsistency(consistency), surroundings, id(), created);
    }

    @Override
    public Promise<Optional<DocumentInfo>> info() {
        return calls().get(
                        id(),
                        selector(),
                        true,
                        got -> got.hasInfo() ? Optional.of(Outcomes.of(got.getInfo())) : Optional.empty());
    }

    @Override
    public Promise<BatchOutcome> batch(Consumer<DocumentBatch> edits) {
        return edit(message -> message.addAllEdits(EditBatch.collect(json(), edits)));
    }

    @Override
    public Promise<BatchOutcome> batchLeniently(Consumer<DocumentBatch> edits) {
        return edit(
                message -> message.addAllEdits(EditBatch.collect(json(), edits)).setLenient(true));
    }

    @Override
    public Promise<BatchOutcome> batchAt(long expectedRevision, Consumer<DocumentBatch> edits) {
        return edit(message -> message.addAllEdits(EditBatch.collect(json(), edits))
                .setExpectedRevision(checkRevision(expectedRevision)));
    }

    @Override
    public Promise<BatchOutcome> patch(JsonNode patch) {
        return edit(message -> message.addAllEdits(PatchMessages.of(patch, json())));
    }

    @Override
    public Promise<BatchOutcome> compareAndReplace(long expectedRevision, @Nullable Object content) {
        return batchAt(expectedRevision, batch -> batch.replace(content));
    }

    private static long checkRevision(long revision) {
        if (revision < 1) {
            throw new ValidationException("expectedRevision must be at least 1, but is " + revision);
        }
        return revision;
    }

    private Promise<BatchOutcome> edit(Consumer<EditDocument.Builder> edits) {
        return calls().edit(id(), edits, edited -> Outcomes.of(edited, json()));
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** The same for callers that wait: for functions that are given the document. */
    Document blocking() {
        return new BlockingDocument(
                new StagedDocument(calls().with(surroundings.waiting()), surroundings, id(), created), surroundings);
    }

    @Override
    public <T extends @Nullable Object> Promise<T> transaction(TransactionFunction<T, ?> function) {
        return transaction(TransactionOptions.defaults(), function);
    }

    @Override
    public <T extends @Nullable Object> Promise<T> transaction(
            TransactionOptions options, TransactionFunction<T, ?> function) {
        Document document = blocking();
        return surroundings.work(() -> document.<T, Exception>transaction(options, function::apply));
    }

    @Override
    public Promise<Boolean> delete() {
        return calls().delete(id());
    }

    @Override
    public String toString() {
        return "Document[" + namespace() + "/" + id() + "]";
    }
}
