package io.coordinator.document;

import static io.coordinator.document.Editing.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "0",
                "-0",
                "1.50",
                "1E400",
                "12345678901234567890123456789012345678901234567890",
                "\"\"",
                "\"ä€😀\\u0000\\n\\\"\"",
                "[]",
                "{}",
                "[1,[2,{\"z\":1,\"a\":[]}],null]",
                "{\"b\":1,\"a\":2,\"\":3}"
            })
    void textComesBackAsItWas(String text) {
        Value value = json(text);
        assertThat(value).hasToString(text);
        assertThat(value.bytes()).isEqualTo(JsonText.write(value).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[",
                "{\"a\"}",
                "1 2",
                "NaN",
                "Infinity",
                "01",
                "+1",
                "'a'",
                "[1,]",
                "// c\n1",
                "nul",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "\"\t\"",
                "\ufeff1"
            })
    void whatIsNoJsonIsSaid(String text) {
        assertThat(JsonText.problem(Editing.text(text))).isNotNull();
        assertThat(JsonText.parseIfValid(Editing.text(text))).isNull();
    }

    @Test
    void limitsAreKept() {
        String deep = "[".repeat(JsonText.DEPTH_MAX + 1) + "]".repeat(JsonText.DEPTH_MAX + 1);
        assertThat(JsonText.problem(Editing.text(deep))).contains("depth");
        assertThat(JsonText.problem(Editing.text("1".repeat(JsonText.NUMBER_CHARS_MAX + 1))))
                .isNotNull();
        assertThat(JsonText.problem(ByteString.copyFrom(new byte[] {'"', (byte) 0xC0, '"'})))
                .contains("UTF-8");
    }

    @Test
    void ofMembersWithOneNameTheLastCounts() {
        assertThat(json("{\"a\":1,\"b\":2,\"a\":3}")).hasToString("{\"a\":3,\"b\":2}");
    }

    @Test
    @Feature("G-9")
    void equalityIsByMeaningAndType() {
        assertThat(Equality.same(json("{\"a\":1,\"b\":[1.0]}"), json("{\"b\":[1],\"a\":1.00}"), Meter.UNMETERED))
                .isTrue();
        assertThat(Equality.same(json("\"1\""), json("1"), Meter.UNMETERED)).isFalse();
        assertThat(Equality.same(json("1e999999999"), json("1"), Meter.UNMETERED))
                .isFalse();
        assertThat(Equality.same(json("1e99999999999"), json("1e99999999999"), Meter.UNMETERED))
                .isTrue();
        assertThat(Equality.same(json("[1,2]"), json("[2,1]"), Meter.UNMETERED)).isFalse();
        assertThat(Equality.same(json("{\"a\":null}"), json("{\"b\":null}"), Meter.UNMETERED))
                .isFalse();
    }
}
