package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1.10", "9223372036854775808", "\"ä\"", "[1,{\"a\":[]}]"})
    void valuesSurviveUnchanged(String text) {
        assertThat(Json.line(Json.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{", "1 2", "{'a':1}"})
    void whatIsNotJsonIsRefusedWithTheWayOut(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("'" + text + "' is not JSON")
                .hasMessageContaining("--string");
    }

    @Test
    void emptyIsRefused() {
        assertThatThrownBy(() -> Json.parse(""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("empty");
    }
}
