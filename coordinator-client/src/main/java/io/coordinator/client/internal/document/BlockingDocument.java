package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.BatchOutcome;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionFunction;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A document for callers that wait. */
final class BlockingDocument extends BlockingNode implements Document {
    private final StagedDocument document;
    private final Surroundings surroundings;

    BlockingDocument(StagedDocument document, Surroundings surroundings) {
        super(document);
        this.document = document;
        this.surroundings = surroundings;
    }

    @Override
    public String namespace() {
        return document.namespace();
    }

    @Override
    public String id() {
        return document.id();
    }

    @Override
    public boolean created() {
        return document.created();
    }

    @Override
    public Document guardedBy(Guard guard) {
        return new BlockingDocument(document.guardedBy(guard), surroundings);
    }

    @Override
    public Document withTimeout(Duration timeout) {
        return new BlockingDocument(document.withTimeout(timeout), surroundings);
    }

    @Override
    public Document withConsistency(ReadConsistency consistency) {
        return new BlockingDocument(document.withConsistency(consistency), surroundings);
    }

    @Override
    public Optional<DocumentInfo> info() {
        return Await.result(document.info());
    }

    @Override
    public BatchOutcome batch(Consumer<DocumentBatch> edits) {
        return Await.result(document.batch(edits));
    }

    @Override
    public BatchOutcome batchLeniently(Consumer<DocumentBatch> edits) {
        return Await.result(document.batchLeniently(edits));
    }

    @Override
    public BatchOutcome batchAt(long expectedRevision, Consumer<DocumentBatch> edits) {
        return Await.result(document.batchAt(expectedRevision, edits));
    }

    @Override
    public BatchOutcome patch(JsonNode patch) {
        return Await.result(document.patch(patch));
    }

    @Override
    public BatchOutcome compareAndReplace(long expectedRevision, @Nullable Object content) {
        return Await.result(document.compareAndReplace(expectedRevision, content));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T transaction(TransactionFunction<T, X> function)
            throws X {
        return transaction(TransactionOptions.defaults(), function);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T transaction(
            TransactionOptions options, TransactionFunction<T, X> function) throws X {
        return new Transactions(document.calls(), surroundings, id(), options).run(function);
    }

    @Override
    public Subscription watch(WatchListener listener) {
        return surroundings.watch(WatchOptions.documentId(id()).namespace(namespace()), listener);
    }

    @Override
    public Subscription watch(Selector place, WatchListener listener) {
        return watch(new PlaceListener(place.path(), listener));
    }

    @Override
    public boolean delete() {
        return Await.result(document.delete());
    }

    @Override
    public String toString() {
        return document.toString();
    }
}
