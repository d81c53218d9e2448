package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final String JSON = """
            {"items":[{"name":"a"},null,3],"a.b":{"":1},"s":"text","n":null,"length":7}
            """;

    private final JsonNode json;

    SelectorTest() throws Exception {
        json = new ObjectMapper().readTree(JSON);
    }

    @ParameterizedTest
    @CsvSource({"items.0.name, '\"a\"'", ".items..0.name., '\"a\"'", "items.2, 3", "n, null", "length, 7"})
    @Feature({"DJ-SEL-1", "DJ-SEL-2", "DJ-SEL-6", "DJ-SEL-8", "DJ-MGR-3"})
    void stepsAreSeparatedByDots(String selector, String found) {
        assertThat(Selector.select(Selector.of(selector), json)).hasToString("Optional[" + found + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"items.3", "items.-1", "items.00", "items.x", "items.length", "s.length", "s.0", "n.x", "none.x"
            })
    @Feature({"DJ-SEL-5", "DJ-SEL-6", "DJ-SEL-7"})
    void whatIsNotThereIsAbsentAndNoError(String selector) {
        assertThat(Selector.select(Selector.of(selector), json)).isEmpty();
    }

    @Test
    @Feature({"DJ-SEL-3", "DJ-SEL-4"})
    void listsAreTakenAsTheyAreAndNothingIsTheRoot() {
        assertThat(Selector.select(Selector.of(List.of("a.b", "")), json)).hasToString("Optional[1]");
        assertThat(Selector.select(Selector.of("a.b"), json)).isEmpty();
        assertThat(Selector.of("")).isEqualTo(Selector.of(List.of())).isEqualTo(Selector.root());
        assertThat(Selector.select(Selector.root(), json)).contains(json);
        assertThat(Selector.select(Selector.root(), null)).isEmpty();
    }

    @Test
    @Feature("B-23")
    void jsonPointersAreReadAndWritten() {
        for (String pointer : List.of("", "/", "/a~1b", "/c%d", "/m~0n", "/items/0/name", "/ ")) {
            assertThat(Selector.pointer(pointer).toPointer()).isEqualTo(pointer);
        }
        assertThat(Selector.pointer("/~01").path()).containsExactly("~1");
        for (String bad : List.of("a", "/~", "/~2")) {
            assertThatThrownBy(() -> Selector.pointer(bad)).isInstanceOf(ValidationException.class);
        }
    }
}
