package io.coordinator.document;

import static io.coordinator.document.Editing.add;
import static io.coordinator.document.Editing.applyStrictly;
import static io.coordinator.document.Editing.json;
import static io.coordinator.document.Editing.merge;
import static io.coordinator.document.Editing.move;
import static io.coordinator.document.Editing.removeValue;
import static io.coordinator.document.Editing.replace;
import static io.coordinator.document.Editing.test;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 6902 appendix A and RFC 7396 appendix A. */
@Feature("B-23")
class RfcExamplesTest {
    private static void becomes(String before, String after, DocumentEdit... edits) {
        Edits.Outcome outcome = applyStrictly(before, edits);
        assertThat(outcome.failed()).isNegative();
        assertThat(Equality.same(outcome.root(), json(after), Meter.UNMETERED))
                .as("%s", outcome.root())
                .isTrue();
    }

    private static void fails(String before, Status why, DocumentEdit... edits) {
        Edits.Outcome outcome = applyStrictly(before, edits);
        assertThat(outcome.failed()).isEqualTo(edits.length - 1);
        assertThat(outcome.results().get(outcome.failed()).getStatus()).isEqualTo(why);
        assertThat(outcome.changed()).isFalse();
    }

    @Test
    void patchesAdd() {
        becomes("{\"foo\":\"bar\"}", "{\"baz\":\"qux\",\"foo\":\"bar\"}", add(List.of("baz"), "\"qux\"")); // A.1
        becomes(
                "{\"foo\":[\"bar\",\"baz\"]}",
                "{\"foo\":[\"bar\",\"qux\",\"baz\"]}",
                add(List.of("foo", "1"), "\"qux\"")); // A.2
        becomes(
                "{\"foo\":\"bar\"}",
                "{\"foo\":\"bar\",\"child\":{\"grandchild\":{}}}",
                add(List.of("child"), "{\"grandchild\":{}}")); // A.10
        fails("{\"foo\":\"bar\"}", Status.NO_SUCH_PATH, add(List.of("baz", "bat"), "\"qux\"")); // A.12
        becomes(
                "{\"foo\":[\"bar\"]}",
                "{\"foo\":[\"bar\",[\"abc\",\"def\"]]}",
                add(List.of("foo", "-"), "[\"abc\",\"def\"]")); // A.16
        fails("[1]", Status.OUT_OF_RANGE, add(List.of("2"), "3"));
        becomes("{\"a\":1}", "[2]", add(List.of(), "[2]"));
    }

    @Test
    void patchesRemoveAndReplace() {
        becomes("{\"baz\":\"qux\",\"foo\":\"bar\"}", "{\"foo\":\"bar\"}", removeValue(List.of("baz"))); // A.3
        becomes(
                "{\"foo\":[\"bar\",\"qux\",\"baz\"]}",
                "{\"foo\":[\"bar\",\"baz\"]}",
                removeValue(List.of("foo", "1"))); // A.4
        becomes(
                "{\"baz\":\"qux\",\"foo\":\"bar\"}",
                "{\"baz\":\"boo\",\"foo\":\"bar\"}",
                replace(List.of("baz"), "\"boo\"")); // A.5
        fails("{}", Status.NO_SUCH_PATH, removeValue(List.of("a")));
        fails("{}", Status.NO_SUCH_PATH, removeValue(List.of()));
        fails("{}", Status.NO_SUCH_PATH, replace(List.of("a"), "1"));
    }

    @Test
    void patchesMove() {
        becomes(
                "{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}}",
                "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}",
                move(List.of("foo", "waldo"), List.of("qux", "thud"))); // A.6
        becomes(
                "{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]}",
                "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}",
                move(List.of("foo", "1"), List.of("foo", "3"))); // A.7
        fails("{\"a\":{}}", Status.INTO_ITSELF, move(List.of("a"), List.of("a", "b")));
        becomes("{\"a\":1}", "{\"a\":1,\"b\":1}", Editing.copy(List.of("a"), List.of("b")));
    }

    @Test
    void patchesTest() {
        becomes(
                "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
                "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
                test(List.of("baz"), "\"qux\""),
                test(List.of("foo", "1"), "2")); // A.8
        fails("{\"baz\":\"qux\"}", Status.TEST_FAILED, test(List.of("baz"), "\"bar\"")); // A.9
        becomes("{\"/\":9,\"~1\":10}", "{\"/\":9,\"~1\":10}", test(List.of("~1"), "10")); // A.14
        fails("{\"/\":9,\"~1\":10}", Status.TEST_FAILED, test(List.of("~1"), "\"10\"")); // A.15
        fails(
                "{\"a\":1}",
                Status.TEST_FAILED,
                add(List.of("b"), "2"),
                test(List.of("b"), "3")); // all of a patch or nothing, RFC 6902 §5
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    {"a":"b"} | {"a":"c"} | {"a":"c"}
                    {"a":"b"} | {"b":"c"} | {"a":"b","b":"c"}
                    {"a":"b"} | {"a":null} | {}
                    {"a":"b","b":"c"} | {"a":null} | {"b":"c"}
                    {"a":["b"]} | {"a":"c"} | {"a":"c"}
                    {"a":"c"} | {"a":["b"]} | {"a":["b"]}
                    {"a":{"b":"c"}} | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
                    {"a":[{"b":"c"}]} | {"a":[1]} | {"a":[1]}
                    ["a","b"] | ["c","d"] | ["c","d"]
                    {"a":"b"} | ["c"] | ["c"]
                    {"a":"foo"} | null | null
                    {"a":"foo"} | "bar" | "bar"
                    {"e":null} | {"a":1} | {"e":null,"a":1}
                    [1,2] | {"a":"b","c":null} | {"a":"b"}
                    {} | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
                    """)
    void patchesMerge(String before, String patch, String after) {
        becomes(before, after, merge("", patch));
    }
}
