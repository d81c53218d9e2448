package io.coordinator.client.internal.document;

import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.DocumentOpened;
import java.nio.file.Path;

/** The documents of one namespace for callers that wait. */
public record BlockingDocuments(DocumentCalls calls, Surroundings surroundings) implements Documents {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public Document open(String id) {
        return open(id, OpenOptions.defaults());
    }

    @Override
    public Document open(String id, OpenOptions options) {
        boolean created = Await.result(calls.open(id, options, DocumentOpened::getCreated));
        return new BlockingDocument(new StagedDocument(calls, surroundings, id, created), surroundings);
    }

    @Override
    public <T> TypedDocument<T> open(String id, Class<T> type, T initial) {
        return new Typed<>(open(id, OpenOptions.defaults().initialContent(initial)), type);
    }

    @Override
    public FileMirror mirrorToFile(String id, Path file) {
        return MirroredFile.open(this, id, file, calls, surroundings);
    }

    @Override
    public Document handle(String id) {
        return new BlockingDocument(
                new StagedDocument(calls, surroundings, Calls.checkName("id", id), false), surroundings);
    }

    @Override
    public DocumentPage scan(String prefix, String after, int limit, boolean withContent) {
        return Await.result(calls.scan(prefix, after, limit, withContent));
    }

    @Override
    public DocumentListing list(String prefix) {
        return Await.result(Listing.of(calls, surroundings, prefix));
    }
}
