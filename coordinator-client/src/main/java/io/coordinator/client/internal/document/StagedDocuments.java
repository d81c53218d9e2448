package io.coordinator.client.internal.document;

import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;

/** The documents of one namespace, as messages. */
public record StagedDocuments(DocumentCalls calls) implements AsyncDocuments {
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
        return calls.open(id, options, opened -> new StagedDocument(calls, id, opened.getCreated()));
    }

    @Override
    public AsyncDocument handle(String id) {
        return new StagedDocument(calls, Calls.checkName("id", id), false);
    }

    @Override
    public Promise<DocumentPage> scan(String prefix, String after, int limit, boolean withContent) {
        return calls.scan(prefix, after, limit, withContent);
    }
}
