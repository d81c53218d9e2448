package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some documents of a scan, all as they were at one revision.
 *
 * @param documents in the order of their ids
 * @param more whether there are more after the last one
 * @param revision of the cluster when they were read
 */
public record DocumentPage(List<Item> documents, boolean more, long revision) {
    public DocumentPage {
        documents = List.copyOf(documents);
    }

    /**
     * One document.
     *
     * @param id within the namespace
     * @param info what the cluster keeps about it
     * @param bytes the length of its text
     * @param json its content, if it was asked for; see {@link #content()}
     */
    public record Item(
            String id,
            DocumentInfo info,
            long bytes,
            @Nullable JsonNode json) {
        /** Its content; empty if it was not asked for. */
        public Optional<JsonNode> content() {
            return Optional.ofNullable(json);
        }
    }
}
