package io.coordinator.document;

import static io.coordinator.document.Editing.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.testing.feature.Feature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":1} | {"a":2} | false
                    {"a":1} | {"b":1} | false
                    {"a":1,"b":2} | {"a":1} | false
                    {"a":1,"b":2} | {"a":2,"b":1} | false
                    [] | [] | true
                    {} | {} | true
                    [] | {} | false
                    [[]] | [{}] | false
                    [1] | [1,2] | false
                    [null] | [0] | false
                    true | false | false
                    null | false | false
                    "a" | "b" | false
                    "a" | "ab" | false
                    "1.0" | "1" | false
                    {"a":[1,{"b":2}]} | {"a":[1.0,{"b":2e0}]} | true
                    {"a":[1,{"b":2}]} | {"a":[1,{"b":3}]} | false
                    """)
    @Feature("G-9")
    void equalValuesAreEqualAllTheWayDown(String one, String other, boolean equal) {
        assertThat(Equality.same(json(one), json(other), Meter.UNMETERED)).isEqualTo(equal);
        assertThat(Equality.same(json(other), json(one), Meter.UNMETERED)).isEqualTo(equal);
        assertThat(Equality.same(Editing.text(one), Editing.text(other), Meter.UNMETERED))
                .isEqualTo(equal);
        assertThat(Equality.same(json(one), Editing.text(other), Meter.UNMETERED))
                .isEqualTo(equal);
    }

    @Test
    @Feature("G-9")
    void noValueEqualsNoValueOnly() {
        assertThat(Equality.same(null, json("null"), Meter.UNMETERED)).isFalse();
        assertThat(Equality.same(json("{}"), (Value) null, Meter.UNMETERED)).isFalse();
        assertThat(Equality.same((Value) null, (Value) null, Meter.UNMETERED)).isTrue();
        assertThat(Equality.identical(null, null, Meter.UNMETERED)).isTrue();
        assertThat(Equality.identical(null, json("0"), Meter.UNMETERED)).isFalse();
        assertThat(Equality.identical(json("0"), null, Meter.UNMETERED)).isFalse();
    }

    @Test
    @Feature("C-04")
    void toCompareTextsCountsTheirBytesAndTheirValues() {
        int size = 1 << 20;
        Tally bytes = Tally.unlimited();
        Equality.same(
                Editing.text("\"" + "x".repeat(size) + "\""), Editing.text("\"" + "y".repeat(size) + "\""), bytes);
        assertThat(bytes.steps()).isBetween(2L * size / 16, 2L * size / 16 + size / 128);

        int count = 10_000;
        Tally values = Tally.unlimited();
        String items = "1,".repeat(count);
        Equality.same(Editing.text("[" + items + "1]"), Editing.text("[" + items + "2]"), values);
        assertThat(values.steps()).isBetween(2L * count * 6, 2L * count * 12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    null | true | false
                    nul | false | false
                    nullx | false | false
                    null x | false | false
                    Null | false | false
                    "null" | false | false
                    `` | false | false
                    0 | false | true
                    9 | false | true
                    -1 | false | true
                    +1 | false | false
                    x | false | false
                    "1" | false | false
                    """)
    @Feature({"G-9", "A-18"})
    void aTextTellsByItsBeginningWhatItCanBe(String text, boolean isNull, boolean mayBeNumber) {
        for (String space : new String[] {"", " ", "\t", "\n", "\r", "\r\n\t "}) {
            ByteString spaced = Editing.text(space + text + space);
            assertThat(JsonText.isNull(spaced, Meter.UNMETERED)).isEqualTo(isNull);
            assertThat(JsonText.mayBeNumber(spaced, Meter.UNMETERED)).isEqualTo(mayBeNumber);
        }
    }

    @Test
    @Feature("C-04")
    void spaceAroundAValueIsCounted() {
        Tally tally = Tally.unlimited();
        JsonText.isNull(Editing.text(" ".repeat(1_600) + "null" + " ".repeat(3_200)), tally);
        assertThat(tally.steps()).isEqualTo(300);
        Tally none = Tally.unlimited();
        JsonText.isNull(Editing.text("null"), none);
        assertThat(none.steps()).isZero();
    }

    @Test
    @Feature({"DJ-SEL-5", "DJ-SEL-7"})
    void membersAreFoundByNameAndVisitedInTheirOrder() {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String name : List.of("z", "a", "ä", "", "m")) {
            members.put(name, Scalar.string(name));
        }
        ObjectValue object = ObjectValue.of(members);
        Map<String, Value> visited = new LinkedHashMap<>();
        object.forEach(visited::put);
        assertThat(visited.keySet()).containsExactly("z", "a", "ä", "", "m");
        members.forEach((name, value) -> {
            assertThat(visited.get(name)).hasToString(value.toString());
            assertThat(object.get(name)).hasToString(value.toString());
        });
        assertThat(object.get("b")).isNull();
        assertThat(object.get("\ud800")).isNull();
        assertThat(ObjectValue.EMPTY.get("a")).isNull();
    }
}
