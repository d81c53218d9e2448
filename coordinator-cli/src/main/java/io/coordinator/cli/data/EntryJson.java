package io.coordinator.cli.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.coordinator.cli.console.Json;
import io.coordinator.protocol.Entry;
import io.coordinator.server.raft.StoredEntry;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * An entry of the log as JSON for people: unlike protobuf's own, it shows bytes that are text as text, cuts what is
 * long, and keeps secrets to itself.
 */
final class EntryJson {
    private static final int CUT = 200;
    private static final Set<String> SECRETS = Set.of("resume_token");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private EntryJson() {}

    /** The entry with what it holds; if that cannot be read, with the reason and its first bytes. */
    static ObjectNode of(StoredEntry stored) {
        ObjectNode json = Json.object()
                .put("index", stored.index())
                .put("term", stored.term())
                .put("kind", kind(stored))
                .put("bytes", stored.data().size())
                .put("sha256", stored.sha256());
        if (stored.kind() == StoredEntry.Kind.COMMANDS) {
            try {
                json.set("entry", message(Entry.parseFrom(stored.data())));
            } catch (InvalidProtocolBufferException e) {
                json.put("unreadable", String.valueOf(e.getMessage()));
                json.set("begins", text(base64(stored.data())));
            }
        }
        return json;
    }

    static String kind(StoredEntry stored) {
        return switch (stored.kind()) {
            case COMMANDS -> "commands";
            case CONFIGURATION -> "configuration";
            case METADATA -> "metadata";
        };
    }

    private static ObjectNode message(Message message) {
        ObjectNode json = Json.object();
        message.getAllFields().forEach((field, value) -> json.set(field.getName(), field(field, value)));
        return json;
    }

    private static JsonNode field(FieldDescriptor field, Object value) {
        if (SECRETS.contains(field.getName())) {
            return NODES.textNode("(secret)");
        }
        if (value instanceof List<?> values) {
            ArrayNode array = NODES.arrayNode();
            values.forEach(each -> array.add(single(each)));
            return array;
        }
        return single(value);
    }

    private static JsonNode single(Object value) {
        if (value instanceof Message nested) {
            return message(nested);
        }
        if (value instanceof EnumValueDescriptor constant) {
            return NODES.textNode(constant.getName());
        }
        if (value instanceof ByteString bytes) {
            return text(isText(bytes) ? bytes.toStringUtf8() : base64(bytes));
        }
        if (value instanceof String string) {
            return text(string);
        }
        return NODES.pojoNode(value);
    }

    private static boolean isText(ByteString bytes) {
        return bytes.isValidUtf8() && bytes.toStringUtf8().chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t');
    }

    private static String base64(ByteString bytes) {
        return "base64:" + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static JsonNode text(String text) {
        if (text.length() <= CUT) {
            return NODES.textNode(text);
        }
        int end = Character.isHighSurrogate(text.charAt(CUT - 1)) ? CUT - 1 : CUT;
        return NODES.textNode(text.substring(0, end) + "… (" + text.length() + " characters)");
    }
}
