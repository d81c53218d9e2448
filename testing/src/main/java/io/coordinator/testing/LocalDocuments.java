package io.coordinator.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.document.Documents;
import io.coordinator.client.internal.document.BlockingDocuments;
import io.coordinator.client.internal.document.DocumentCalls;

/**
 * Documents in the memory of this process, for unit tests of code that uses {@link Documents}. What becomes of
 * an edit is decided by the cluster's own code; but there is no cluster: nothing is stored, nobody else sees it, and
 * guards are not looked at. Time passes for documents with a ttl whenever something is read or written.
 */
public final class LocalDocuments implements AutoCloseable {
    private final LocalCore core;

    private LocalDocuments(LocalCore core) {
        this.core = core;
    }

    /** An empty store. */
    public static LocalDocuments create() {
        return create(new ObjectMapper());
    }

    /**
     * An empty store.
     *
     * @param mapper writes and reads values, as that of a client would
     */
    public static LocalDocuments create(ObjectMapper mapper) {
        return new LocalDocuments(new LocalCore(mapper));
    }

    /** The documents of a namespace. */
    public Documents documents(String namespace) {
        return new BlockingDocuments(new DocumentCalls(core, namespace), core);
    }

    /** Ends all watches. */
    @Override
    public void close() {
        core.close();
    }
}
