package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees and does in the data directory of a stopped node. */
@Feature("C-01")
class DataCommandsTest {
    private final TestConsole console = new TestConsole();
    private final Path directory;

    DataCommandsTest(@TempDir Path temporary) {
        directory = temporary;
    }

    @BeforeEach
    void aNodeThatWasKilledAfterTwoPuts() throws Exception {
        try (RealNode node = RealNode.start(directory)) {
            assertThat(console.run("data", "info", "--data-dir", data())).isEqualTo(1);
            assertThat(console.err()).contains("EPERSISTLOCKED", "stop the node first");
            put(node, "first", "1");
            put(node, "second", "{\"text\":\"" + "x".repeat(1_000) + "\"}");
            node.abort();
        }
        await().until(() -> console.run("data", "info", "--data-dir", data()) == 0);
        console.set("COORD_DATA_DIR", data());
    }

    @Test
    void anEntryIsFoundShownSkippedAndNotAppliedAgain() throws Exception {
        assertThat(console.run("data", "entries")).isZero();
        assertThat(console.outLines().get(0)).startsWith("INDEX").contains("TERM", "KIND", "BYTES", "COMMANDS");
        assertThat(console.out()).contains("configuration", "commands");
        long index = indexOfPut("second");

        assertThat(console.run("data", "entry", "--index", Long.toString(index)))
                .isZero();
        assertThat(console.out())
                .contains("\"second\"", "x".repeat(150), "characters)")
                .doesNotContain("x".repeat(500));

        assertThat(console.run("data", "skip", "--index", Long.toString(index), "--reason", "it's a test"))
                .isZero();
        assertThat(console.err())
                .contains("EVERY other member")
                .contains("Run one version on all of them until each has a snapshot past entry " + index)
                .contains("--index " + index + " --term ")
                .contains("--sha256 ")
                .contains("'it'\\''s a test'");
        assertThat(console.run("data", "info")).isZero();
        assertThat(console.out()).contains("node n1 of cluster coordinator", "log from 0 to", "it's a test");
        List<String> marks = Files.readAllLines(Path.of(data()).resolve("skipped"));
        assertThat(marks).hasSize(2).last().asString().startsWith(index + "\t").contains("\tit's a test");

        try (RealNode node = RealNode.start(directory)) {
            assertThat(console.run("get", "first", "--endpoints", node.endpoint()))
                    .isZero();
            assertThat(console.run("get", "second", "--endpoints", node.endpoint()))
                    .isEqualTo(3);
        }
        // The node stopped gracefully: its snapshot is past everything.
        assertThat(console.run("data", "info", "-o", "json")).isZero();
        JsonNode snapshot = Json.parse(console.out()).at("/snapshots/0");
        assertThat(snapshot.path("rows").asLong()).isPositive();
        assertThat(snapshot.path("problem").asText()).isEmpty();
        assertThat(console.run("data", "skip", "--index", "1", "--reason", "too late"))
                .isEqualTo(2);
        assertThat(console.err()).contains("was applied");
    }

    @Test
    void whatIsNotThereIsToldApart() {
        assertThat(console.run("data", "entry", "--index", "123456")).isEqualTo(3);
        assertThat(console.err()).contains("has no entry 123456");
        assertThat(console.run("data", "skip", "--index", "123456", "--reason", "r"))
                .isEqualTo(3);
        assertThat(console.run("data", "info", "--data-dir", directory.toString()))
                .isEqualTo(2);
        assertThat(console.err()).contains("is not the data directory of a node");
        assertThat(console.run("data", "skip", "--index", "1")).isEqualTo(2);
        assertThat(console.err()).contains("--reason");
    }

    private String data() {
        return directory.resolve("n1").toString();
    }

    private void put(RealNode node, String key, String value) {
        assertThat(console.run("put", key, value, "--endpoints", node.endpoint()))
                .isZero();
    }

    private long indexOfPut(String key) {
        assertThat(console.run("data", "entries", "-o", "jsonl")).isZero();
        for (String line : console.outLines()) {
            long index = Json.parse(line).path("index").asLong();
            assertThat(console.run("data", "entry", "--index", Long.toString(index), "-o", "json"))
                    .isZero();
            if (console.out().contains('"' + key + '"')) {
                return index;
            }
        }
        throw new AssertionError("no entry puts " + key);
    }
}
