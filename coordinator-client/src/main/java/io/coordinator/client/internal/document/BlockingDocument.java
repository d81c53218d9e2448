package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.BatchOutcome;
import io.coordinator.client.Document;
import io.coordinator.client.DocumentBatch;
import io.coordinator.client.DocumentInfo;
import io.coordinator.client.Guard;
import io.coordinator.client.ReadConsistency;
import io.coordinator.client.Selector;
import io.coordinator.client.Subscription;
import io.coordinator.client.TransactionFunction;
import io.coordinator.client.TransactionOptions;
import io.coordinator.client.ValidationException;
import io.coordinator.client.WatchListener;
import io.coordinator.client.WatchOptions;
import io.coordinator.client.internal.async.Await;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.GotDocument;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A document for callers that wait. */
final class BlockingDocument extends BlockingNode implements Document {
    private final Surroundings surroundings;
    private final boolean created;

    BlockingDocument(DocumentCalls calls, Surroundings surroundings, String id, boolean created) {
        super(calls, id, Selector.root());
        this.surroundings = surroundings;
        this.created = created;
    }

    private BlockingDocument with(DocumentCalls other) {
        return new BlockingDocument(other, surroundings, id(), created);
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
    public Document guardedBy(Guard guard) {
        return with(calls().guardedBy(guard));
    }

    @Override
    public Document withTimeout(Duration timeout) {
        return with(calls().withTimeout(timeout));
    }

    @Override
    public Document withConsistency(ReadConsistency consistency) {
        return with(calls().withConsistency(consistency));
    }

    @Override
    public Optional<DocumentInfo> info() {
        GotDocument got = read(true);
        return got.hasInfo() ? Optional.of(Outcomes.of(got.getInfo())) : Optional.empty();
    }

    @Override
    public BatchOutcome batch(Consumer<DocumentBatch> edits) {
        return edit(Batch.collect(json(), edits), false, 0);
    }

    @Override
    public BatchOutcome batchLeniently(Consumer<DocumentBatch> edits) {
        return edit(Batch.collect(json(), edits), true, 0);
    }

    @Override
    public BatchOutcome batchAt(long expectedRevision, Consumer<DocumentBatch> edits) {
        return edit(Batch.collect(json(), edits), false, checkRevision(expectedRevision));
    }

    @Override
    public BatchOutcome patch(JsonNode patch) {
        return edit(PatchMessages.of(patch, json()), false, 0);
    }

    @Override
    public BatchOutcome compareAndReplace(long expectedRevision, @Nullable Object content) {
        return edit(Batch.collect(json(), batch -> batch.replace(content)), false, checkRevision(expectedRevision));
    }

    private static long checkRevision(long revision) {
        if (revision < 1) {
            throw new ValidationException("expectedRevision must be at least 1, but is " + revision);
        }
        return revision;
    }

    private BatchOutcome edit(List<DocumentEdit> edits, boolean lenient, long expectedRevision) {
        return Outcomes.of(
                Await.result(calls().edit(
                                id(),
                                message -> message.addAllEdits(edits)
                                        .setLenient(lenient)
                                        .setExpectedRevision(expectedRevision))),
                json());
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T transaction(TransactionFunction<T, X> function)
            throws X {
        return transaction(TransactionOptions.defaults(), function);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T transaction(
            TransactionOptions options, TransactionFunction<T, X> function) throws X {
        return new Transactions(calls(), surroundings, id(), options).run(function);
    }

    @Override
    public Subscription watch(WatchListener listener) {
        return surroundings.watch(WatchOptions.documentId(id()).namespace(namespace()), listener);
    }

    @Override
    public boolean delete() {
        return Await.result(calls().delete(id()));
    }

    @Override
    public String toString() {
        return "Document[" + namespace() + "/" + id() + "]";
    }
}
