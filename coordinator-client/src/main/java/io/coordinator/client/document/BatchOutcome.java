package io.coordinator.client.document;

import java.util.List;

/**
 * What several edits came to.
 *
 * @param info of the document afterwards
 * @param outcomes one for each edit
 */
public record BatchOutcome(DocumentInfo info, List<EditOutcome> outcomes) {
    public BatchOutcome {
        outcomes = List.copyOf(outcomes);
    }
}
