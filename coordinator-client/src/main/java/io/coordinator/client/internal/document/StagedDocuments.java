package io.coordinator.client.internal.document;

import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.document.AsyncTypedDocument;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;

/** The documents of one namespace, as messages. */
public record StagedDocuments(DocumentCalls calls, Surroundings surroundings) implements AsyncDocuments {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public Promise<AsyncDocument> open(String id) {
        return open(id, OpenOptions.defaults());
    }

    @Override
    public Promise<AsyncDocument> open(String id, OpenOptions options) {
        return calls.open(id, options, opened -> new StagedDocument(calls, surroundings, id, opened.getCreated()));
    }

    @Override
    public <T> Promise<AsyncTypedDocument<T>> open(String id, Class<T> type, T initial) {
        return calls.open(
                id,
                OpenOptions.defaults().initialContent(initial),
                opened -> new StagedTyped<>(new StagedDocument(calls, surroundings, id, opened.getCreated()), type));
    }

    @Override
    public AsyncDocument handle(String id) {
        return new StagedDocument(calls, surroundings, Calls.checkName("id", id), false);
    }

    @Override
    public Promise<DocumentPage> scan(String prefix, String after, int limit, boolean withContent) {
        return calls.scan(prefix, after, limit, withContent);
    }

    @Override
    public Promise<DocumentListing> list(String prefix) {
        return Listing.of(calls, surroundings, prefix);
    }
}
