package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.Entry;

/** Cache entries as the commands print them. */
final class Entries {
    private Entries() {}

    static ObjectNode toJson(Entry entry) {
        ObjectNode json = Json.object();
        json.put("key", entry.key());
        json.set("value", entry.value());
        json.put("revision", entry.revision());
        json.put("createRevision", entry.createRevision());
        json.put("version", entry.version());
        entry.expiresAtMillis().ifPresent(millis -> json.put("expiresAtMillis", millis));
        return json;
    }
}
