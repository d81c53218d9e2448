package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON is the same everywhere: where it is let in, where it is compared, and where it is read. */
@Feature("G-9")
class JsonSyntaxTest {
    private static boolean isRead(ByteString text) {
        try {
            JsonText.parseStored(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static void isJson(String text) {
        assertThat(JsonText.syntaxProblem(utf8(text))).as(text).isNull();
        assertThat(isRead(utf8(text))).as(text).isTrue();
    }

    private static void isNoJson(ByteString text) {
        assertThat(JsonText.syntaxProblem(text)).as("%s", text).isNotEmpty();
        assertThat(JsonText.problem(text)).as("%s", text).isNotEmpty();
        assertThat(isRead(text)).as("%s", text).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void onlyUtf8IsJsonHere(String charset) {
        isNoJson(ByteString.copyFrom("{\"a\":1}", Charset.forName(charset)));
    }

    @Test
    void invalidUtf8IsNotJson() {
        ByteString text = ByteString.copyFrom(new byte[] {'"', (byte) 0xC3, '"'});
        isNoJson(text);
        assertThat(JsonText.syntaxProblem(text)).contains("UTF-8");
    }

    @ParameterizedTest
    @Feature({"C-40", "C-42"})
    @ValueSource(
            strings = {
                "\"\\ud83d\"",
                "\"\\ude00\\ud83d\"",
                "{\"\\uD83D\":1}",
                "[{\"a\":[\"x\\ud83dx\"]}]",
                "NaN",
                "-Infinity",
                "",
                " ",
                "1 2",
                "[1",
                "{\"a\":}",
                "[1]]",
                "\"\\x\""
            })
    void whatIsNone(String text) {
        isNoJson(utf8(text));
    }

    @Test
    void whatIsSome() {
        isJson("{\"a\":1,\"a\":2}");
        isJson("\"\\ud83d\\ude00\"");
        isJson("\"\\\\ud83d\"");
        isJson(" [ {} , [] , \"\\u0000\" ]\n");
        isJson("[".repeat(JsonText.DEPTH_MAX) + "]".repeat(JsonText.DEPTH_MAX));
        isJson("1".repeat(JsonText.NUMBER_CHARS_MAX));
        isNoJson(utf8("[".repeat(JsonText.DEPTH_MAX + 1) + "]".repeat(JsonText.DEPTH_MAX + 1)));
        isNoJson(utf8("[" + "1".repeat(JsonText.NUMBER_CHARS_MAX + 1) + "]"));
        for (String number : new String[] {"1e999999999", "1e-999999999", "1e99999999999999999999", "-0e0"}) {
            isJson(number);
        }
    }

    @Test
    @Feature("C-03")
    void namesMayBeLongWhereTheyAreNoMembersOfDocuments() {
        for (int length : new int[] {Path.STEP_BYTES_MAX, Path.STEP_BYTES_MAX + 1, 60_000}) {
            String text = "{\"" + "n".repeat(length) + "\":1,\"b\":2.0}";
            isJson(text);
            assertThat(JsonText.problem(utf8(text)) == null).isEqualTo(length <= Path.STEP_BYTES_MAX);
            String reordered = "{\"b\":2,\"" + "n".repeat(length) + "\":1.0}";
            assertThat(Equality.same(utf8(text), utf8(reordered), Meter.UNMETERED))
                    .isTrue();
        }
    }

    @Test
    @Tag("slow")
    void textsAreEqualByMeaningIfTheyAreJsonAndByBytesOtherwise() {
        assertThat(Equality.same(utf8("[1, {\"a\":1,\"b\":2}]"), utf8("[1.0,{\"b\":2,\"a\":1}]"), Meter.UNMETERED))
                .isTrue();
        assertThat(Equality.same(utf8("{oops"), utf8("{oops"), Meter.UNMETERED)).isTrue();
        assertThat(Equality.same(utf8("{oops"), utf8("{oops "), Meter.UNMETERED))
                .isFalse();
        assertThat(Equality.same(Editing.json("1"), utf8("oops"), Meter.UNMETERED))
                .isFalse();
        assertThat(JsonText.isNull(utf8(" null\n"), Meter.UNMETERED)).isTrue();
        assertThat(JsonText.isNull(utf8("\"null\""), Meter.UNMETERED)).isFalse();
        assertThat(JsonText.mayBeNumber(utf8("\t-1"), Meter.UNMETERED)).isTrue();
        assertThat(JsonText.mayBeNumber(utf8("[1]"), Meter.UNMETERED)).isFalse();
    }

    @Test
    void whatIsAdmittedIsWhatIsReadAndNothingThrows() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("JsonSyntaxTest runs with -Dseed=" + seed);
        Random random = new Random(seed);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "0",
            "12",
            ".",
            "e",
            "E",
            "+",
            "-",
            "true",
            "null",
            "\\",
            "\\u",
            "d83d",
            "\\ud83d",
            "\\ude00",
            "\"a\"",
            "{\"a\":",
            " ",
            "\u0000",
            "\u00E9",
            "\t",
            "\uD83D\uDE00"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(9); length > 0; length--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(8) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ByteString json = ByteString.copyFrom(bytes);
            assertThat(JsonText.syntaxProblem(json) == null)
                    .as("%s, seed %s", text, seed)
                    .isEqualTo(isRead(json));
        }
    }
}
