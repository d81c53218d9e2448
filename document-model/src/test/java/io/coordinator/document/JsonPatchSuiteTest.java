package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The public test data of JSON Patch (json-patch-tests), case by case. */
@Feature({"B-23", "C-45"})
class JsonPatchSuiteTest {
    private static final int CASES = 108;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void allCasesComeToWhatTheySay() throws IOException {
        SoftAssertions softly = new SoftAssertions();
        int executed = 0;
        for (String file : List.of("tests.json", "spec_tests.json")) {
            for (JsonNode one : read(file)) {
                if (!one.path("disabled").asBoolean()) {
                    executed++;
                    check(one, softly);
                }
            }
        }
        softly.assertAll();
        assertThat(executed).isEqualTo(CASES);
    }

    private static JsonNode read(String file) throws IOException {
        try (InputStream in = JsonPatchSuiteTest.class.getResourceAsStream("/json-patch-tests/" + file)) {
            return MAPPER.readTree(Objects.requireNonNull(in, file));
        }
    }

    private static void check(JsonNode one, SoftAssertions softly) {
        String before = one.get("doc").toString();
        Value after = after(before, one.get("patch"));
        if (one.has("expected")) {
            Value expected = Editing.json(one.get("expected").toString());
            softly.assertThat(Equality.same(after, expected, Meter.UNMETERED))
                    .as("%s came to %s", one, after)
                    .isTrue();
        } else {
            softly.assertThat(after).as("%s", one).isNull();
        }
    }

    /** Null if the patch is none, or cannot be made; nothing is changed then. */
    private static @Nullable Value after(String before, JsonNode patch) {
        List<DocumentEdit> edits = new ArrayList<>();
        for (JsonNode operation : patch) {
            DocumentEdit edit = edit(operation);
            if (edit == null) {
                return null;
            }
            edits.add(edit);
        }
        Edits.Outcome outcome = Editing.applyStrictly(before, edits.toArray(DocumentEdit[]::new));
        if (outcome.failed() >= 0) {
            assertThat(outcome.changed()).isFalse();
            return null;
        }
        return outcome.root();
    }

    private static @Nullable DocumentEdit edit(JsonNode operation) {
        List<String> path = pointer(operation.get("path"));
        List<String> from = pointer(operation.get("from"));
        JsonNode content = operation.get("value");
        String value = content == null ? "" : content.toString();
        if (path == null) {
            return null;
        }
        return switch (operation.path("op").asText()) {
            case "add" -> content == null ? null : Editing.add(path, value);
            case "replace" -> content == null ? null : Editing.replace(path, value);
            case "test" -> content == null ? null : Editing.test(path, value);
            case "remove" -> Editing.removeValue(path);
            case "move" -> from == null ? null : Editing.move(from, path);
            case "copy" -> from == null ? null : Editing.copy(from, path);
            default -> null;
        };
    }

    /** Null if it is none. */
    private static @Nullable List<String> pointer(@Nullable JsonNode node) {
        if (node == null || !node.isTextual()) {
            return null;
        }
        String text = node.textValue();
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.charAt(0) != '/') {
            return null;
        }
        List<String> path = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            path.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return path;
    }
}
