package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.ReplaceValue;
import java.util.ArrayList;
import java.util.List;

/** A JSON Patch (RFC 6902) as edits. */
final class PatchMessages {
    private PatchMessages() {}

    static List<DocumentEdit> of(JsonNode patch, JsonCodec json) {
        if (!patch.isArray()) {
            throw new ValidationException("a JSON Patch is an array of operations, but this is " + patch.getNodeType());
        }
        List<DocumentEdit> edits = new ArrayList<>();
        for (JsonNode operation : patch) {
            edits.add(edit(operation, edits.size(), json));
        }
        return edits;
    }

    private static DocumentEdit edit(JsonNode operation, int index, JsonCodec json) {
        String name = text(operation, "op", index);
        DocumentEdit.Builder edit = DocumentEdit.newBuilder()
                .addAllPath(Selector.pointer(text(operation, "path", index)).path());
        switch (name) {
            case "add" -> edit.setAdd(value(operation, index, json));
            case "remove" -> edit.setRemoveValue(RemoveValue.getDefaultInstance());
            case "replace" -> edit.setReplace(value(operation, index, json));
            case "move" -> edit.setMove(from(operation, index));
            case "copy" -> edit.setCopy(from(operation, index));
            case "test" -> edit.setTest(value(operation, index, json));
            default ->
                throw new ValidationException("operation " + index + " of the JSON Patch is '" + name
                        + "'; there are add, remove, replace, move, copy and test");
        }
        return edit.build();
    }

    private static ReplaceValue value(JsonNode operation, int index, JsonCodec json) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw new ValidationException("operation " + index + " of the JSON Patch has no 'value'");
        }
        return ReplaceValue.newBuilder().setValue(json.write(value)).build();
    }

    private static MoveValue from(JsonNode operation, int index) {
        return MoveValue.newBuilder()
                .addAllFrom(Selector.pointer(text(operation, "from", index)).path())
                .build();
    }

    private static String text(JsonNode operation, String member, int index) {
        JsonNode text = operation.get(member);
        if (text == null || !text.isTextual()) {
            throw new ValidationException("operation " + index + " of the JSON Patch has no text '" + member + "'");
        }
        return text.textValue();
    }
}
