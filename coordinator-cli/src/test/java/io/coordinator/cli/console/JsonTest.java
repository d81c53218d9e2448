package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.testing.feature.Feature;
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
    @Feature("U-18")
    void aLongValueIsCutBetweenCharacters() {
        String fits = "x".repeat(78);
        assertThat(Json.brief(TextNode.valueOf(fits))).isEqualTo('"' + fits + '"');
        assertThat(Json.brief(TextNode.valueOf(fits + "\uD83D\uDE00" + "x".repeat(20))))
                .isEqualTo('"' + fits + "\u2026 (104 bytes)");
        assertThat(Json.brief(TextNode.valueOf("xx\uD83D\uDE00".repeat(500))))
                .isEqualTo('"' + "xx\uD83D\uDE00".repeat(19) + "xx\u2026 (3,002 bytes)");
    }

    @Test
    void aLongTextThatIsNotJsonIsToldInShort() {
        assertThatThrownBy(() -> Json.parse("x".repeat(1_000_000)))
                .satisfies(failure ->
                        assertThat(String.valueOf(failure.getMessage())).hasSizeLessThan(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "NaN", "1 2"})
    void noAdviceOnHowToSetUpTheParserIsGiven(String text) {
        assertThatThrownBy(() -> Json.parse(text)).message().doesNotContain("Feature");
    }

    @Test
    void emptyIsRefused() {
        assertThatThrownBy(() -> Json.parse(""))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("empty");
    }
}
