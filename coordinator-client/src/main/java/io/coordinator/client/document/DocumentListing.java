package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Documents as they all were at one revision.
 *
 * @param documents in the order of their ids
 * @param revision of the cluster; watch from the next one to hear what changes afterwards
 */
public record DocumentListing(List<Item> documents, long revision) {
    public DocumentListing {
        documents = List.copyOf(documents);
    }

    /**
     * One document.
     *
     * @param id within the namespace
     * @param revision of its last change
     * @param content a copy
     */
    public record Item(String id, long revision, JsonNode content) {}
}
