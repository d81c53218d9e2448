package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.cache.Entry;
import java.util.Base64;

/** Cache entries as the commands print them. */
final class Entries {
    private Entries() {}

    /** What is opaque is shown in base64. */
    static JsonNode value(Entry entry) {
        return entry.isOpaque() ? TextNode.valueOf(Base64.getEncoder().encodeToString(entry.json())) : entry.value();
    }

    static ObjectNode toJson(Entry entry) {
        ObjectNode json = Json.object();
        json.put("key", entry.key());
        json.set("value", value(entry));
        json.put("revision", entry.revision());
        json.put("createRevision", entry.createRevision());
        json.put("version", entry.version());
        entry.expiresAtMillis().ifPresent(millis -> json.put("expiresAtMillis", millis));
        return json;
    }
}
