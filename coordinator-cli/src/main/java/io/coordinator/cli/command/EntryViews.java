package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.client.cache.Entry;
import java.util.Base64;
import java.util.Optional;

/** Cache entries as the commands print them. */
final class EntryViews {
    static final Columns<Entry> COLUMNS = new Columns<Entry>()
            .text("KEY", "key", Entry::key)
            .number("REVISION", "revision", Entry::revision)
            .number("", "createRevision", Entry::createRevision)
            .number("VERSION", "version", Entry::version)
            .json("VALUE", "value", entry -> Optional.of(value(entry)))
            .elapsedIf("", "expiresAtMillis", Entry::expiresAtMillis);

    private EntryViews() {}

    /** What is opaque is shown in base64. */
    static JsonNode value(Entry entry) {
        return entry.isOpaque() ? TextNode.valueOf(Base64.getEncoder().encodeToString(entry.json())) : entry.value();
    }

    static ObjectNode toJson(Entry entry) {
        return COLUMNS.json(entry);
    }
}
