package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.document.Equality;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The public test data of JSON Patch (json-patch-tests) on three nodes, case by case. */
@CoordinatorCluster
@Feature({"B-23", "C-45", "A-48"})
class JsonPatchSuiteTest {
    private static final int CASES = 108;

    @Test
    void allCasesComeToWhatTheySay(CoordinatorClient client) throws IOException {
        SoftAssertions softly = new SoftAssertions();
        int executed = 0;
        for (String file : List.of("tests.json", "spec_tests.json")) {
            for (JsonNode one : read(file)) {
                if (!one.path("disabled").asBoolean()) {
                    executed++;
                    check(client, "case-" + executed, one, softly);
                }
            }
        }
        softly.assertAll();
        assertThat(executed).isEqualTo(CASES);
    }

    private static JsonNode read(String file) throws IOException {
        try (InputStream in = JsonPatchSuiteTest.class.getResourceAsStream("/json-patch-tests/" + file)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, file));
        }
    }

    private static void check(CoordinatorClient client, String id, JsonNode one, SoftAssertions softly) {
        JsonNode before = one.get("doc");
        Document document = client.documents().open(id, OpenOptions.defaults().initialContent(before));
        DocumentInfo info = document.info().orElseThrow();
        boolean made = patch(document, one.get("patch"), one, softly);
        softly.assertThat(made).as("%s", one).isEqualTo(one.has("expected"));
        JsonNode after = document.get().orElseThrow();
        softly.assertThat(isSame(after, one.has("expected") ? one.get("expected") : before))
                .as("%s came to %s", one, after)
                .isTrue();
        // What is refused, and what leaves the document as it was, makes no revision.
        softly.assertThat(document.info().orElseThrow().revision() == info.revision())
                .as("%s at the same revision", one)
                .isEqualTo(after.toString().equals(before.toString()));
    }

    private static boolean patch(Document document, JsonNode patch, JsonNode one, SoftAssertions softly) {
        try {
            document.patch(patch);
            return true;
        } catch (CoordinatorException e) {
            softly.assertThat(e).as("%s", one).isInstanceOfAny(BatchException.class, ValidationException.class);
            return false;
        }
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return Equality.same(
                JsonText.parseIfValid(ByteString.copyFromUtf8(one.toString())),
                JsonText.parseIfValid(ByteString.copyFromUtf8(other.toString())),
                Meter.UNMETERED);
    }
}
